import { readFileSync, statSync } from 'node:fs'
import { BenchError } from '@mate-bench/schema'

/** What each file of a run may have at most, far above what any run writes. */
export const maximumBytes = {
  manifest: 20_000_000,
  spec: 1_000_000,
  metrics: 100_000_000,
  log: 400_000_000,
  predictions: 400_000_000,
  'validation-predictions': 400_000_000,
  model: 1_900_000_000,
  signature: 200_000,
  start: 200_000,
  registration: 2_000_000,
} as const

/**
 * Reads a file of somebody else's: a plain one (a pipe would never end), and no larger than it may be.
 * @throws BenchError `not-found` and `bad-input` that name the file
 */
export function readBounded(path: string, maximum: number): Uint8Array {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) {
    throw new BenchError({ code: 'not-found', message: `There is no file ${path}.`, path })
  }
  if (!found.isFile()) {
    throw new BenchError({ code: 'bad-input', message: `${path} is not a plain file.`, path })
  }
  if (found.size > maximum) {
    throw new BenchError({
      code: 'bad-input',
      message: `${path} has ${found.size} bytes, more than the ${maximum} that are read.`,
      path,
    })
  }
  return readFileSync(path)
}
