import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * Whether this process was started to outlive its terminal (`nohup mate-bench ... &`, or a script that was started so).
 * The system would say so by ignoring SIGHUP from the start, but Node sets every signal back before any of our code runs.
 * What is left to see: the shell names the program that it started in `_`, and a shell that ignores SIGHUP itself made
 * its children ignore it.
 */
export function outlivesTerminal(
  env: Readonly<Record<string, string | undefined>> = process.env,
  parent = process.ppid,
): boolean {
  return basename(env._ ?? '') === 'nohup' || ignoresHangUp(parent)
}

/** From the mask of ignored signals in /proc (Linux), whose lowest bit is signal 1, SIGHUP. */
function ignoresHangUp(pid: number): boolean {
  try {
    const mask = /^SigIgn:\s*[0-9a-f]*([0-9a-f])$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return mask !== undefined && (Number.parseInt(mask, 16) & 1) === 1
  } catch {
    return false
  }
}
