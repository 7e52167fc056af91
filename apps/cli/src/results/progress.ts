import { plural } from '../format/numbers.ts'

/** A line that is written over on a terminal, and one at each quarter elsewhere. */
export function createProgress(): (done: number, runs: number) => void {
  const isTerminal = process.stdout.isTTY === true
  let told = 0
  return (done, runs) => {
    const text = `Loading results: ${done} of ${plural(runs, 'run')}`
    const quarter = Math.floor((done / runs) * 4)
    if (isTerminal) process.stdout.write(`\r${text}${done === runs ? '\n' : ''}`)
    else if (quarter > told) process.stdout.write(`${text}\n`)
    told = quarter
  }
}
