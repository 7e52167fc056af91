import { readFileSync, statSync } from 'node:fs'
import { BenchError, documentLimits } from '@mate-bench/schema'
import { type OtherImages, parseSpecText, type Spec } from './spec.ts'

/**
 * Reads a spec file.
 * @param other images that the network must fit instead of the dataset's
 * @throws BenchError `not-found` for a path without a file, `bad-input` and `bad-spec` for what is in it
 */
export function readSpec(path: string, other: OtherImages = {}): Spec {
  let text: string
  try {
    const { size } = statSync(path)
    // Looked at before reading: a huge file is refused without filling the memory.
    text = size > documentLimits.maximumBytes ? ' '.repeat(size) : readFileSync(path, 'utf8')
  } catch (thrown) {
    throw new BenchError({
      code: 'not-found',
      message: `There is no spec file ${path}.`,
      path,
      hint: 'The specs that ship are in bench-specs/, such as bench-specs/quickstart/mate.json.',
      cause: thrown,
    })
  }
  return parseSpecText(text, path, other)
}
