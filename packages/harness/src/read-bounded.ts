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

/**
 * Text in UTF-8.
 * @throws BenchError `bad-input` where it is not
 */
export function decodeText(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (thrown) {
    throw new BenchError({
      code: 'bad-input',
      message: `${source} is not text in UTF-8.`,
      path: source,
      cause: thrown,
    })
  }
}
