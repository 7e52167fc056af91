import { BenchError, decodeUtf8 } from '@mate-bench/schema'
import { maximumBytes, readBounded } from './read-bounded.ts'
import { type OtherImages, parseSpecText, type Spec } from './spec.ts'

/**
 * Reads a spec file. A byte order mark before it, which some editors write, is passed over.
 * @param other images that the network must fit instead of the dataset's
 * @throws BenchError `not-found` for a path without a file, `bad-input` and `bad-spec` for what is in it
 */
export function readSpec(path: string, other: OtherImages = {}): Spec {
  let bytes: Uint8Array
  try {
    bytes = readBounded(path, maximumBytes.spec)
  } catch (thrown) {
    if (thrown instanceof BenchError && thrown.code !== 'not-found') throw thrown
    throw new BenchError({
      code: 'not-found',
      message: `There is no spec file ${path}.`,
      path,
      hint: 'The specs that ship are in bench-specs/, such as bench-specs/quickstart/mate.json.',
      cause: thrown,
    })
  }
  return parseSpecText(decodeUtf8(bytes, path), path, other)
}
