import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { processExists, processStat } from './process-stat.ts'

/** Where a process's start can't be asked for, a build that has its number is believed to be its own for so long. */
const believedMilliseconds = 60_000

/**
 * The name of something while it is being built: `WHAT.PID-START-RANDOM.new`. Number and start of the process say
 * whether it is still at it, for a number is used again; the random part lets one process build twice at a time.
 */
export function buildName(what: string): string {
  const start = processStat(process.pid)?.start ?? ''
  return `${what}.${process.pid}-${start}-${randomBytes(4).toString('hex')}.new`
}

/** Whether the process that builds here is still there; false for what one left behind that was killed. */
export function isUnderWay(path: string): boolean {
  const [, pid, start] = /\.(\d+)-(\d*)-[0-9a-f]{8}\.new$/.exec(basename(path)) ?? []
  if (pid === undefined || !processExists(Number(pid))) return false
  const stat = processStat(Number(pid))
  if (stat) return stat.start === start && !stat.isZombie
  const begun = statSync(path, { throwIfNoEntry: false })?.mtimeMs
  return begun !== undefined && Date.now() - begun < believedMilliseconds
}
