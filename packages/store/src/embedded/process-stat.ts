import { readFileSync } from 'node:fs'

/** What Linux says of a process. */
export interface ProcessStat {
  readonly name: string
  /** A zombie answers signals where the first process of a container does not bury the dead. */
  readonly isZombie: boolean
  /** Clock ticks from the machine's start to the process's: with the number it is that process and no later one. */
  readonly start: string
}

/** Undefined where there is no such process, or no /proc. */
export function processStat(pid: number): ProcessStat | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  // The name is in parentheses and may hold spaces and parentheses itself.
  const [opening, closing] = [text.indexOf('('), text.lastIndexOf(')')]
  const fields = text.slice(closing + 2).split(' ')
  return { name: text.slice(opening + 1, closing), isZombie: fields[0] === 'Z', start: fields[19] ?? '' }
}

/** True as well for a process of another user. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
}
