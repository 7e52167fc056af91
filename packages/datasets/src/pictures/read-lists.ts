import { BenchError } from '@mate-bench/schema'

/**
 * A list of an archive as its lines, without empty ones.
 *
 * @throws BenchError `bad-input` where the archive has no such list
 */
export function linesOf(lists: ReadonlyMap<string, Uint8Array>, path: string): string[] {
  return new TextDecoder()
    .decode(listOf(lists, path))
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
}

/** A list's bytes. @throws BenchError `bad-input` where the archive has no such list */
export function listOf(lists: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array {
  const bytes = lists.get(path)
  if (bytes) return bytes
  throw new BenchError({ code: 'bad-input', message: `The archive holds no ${path}.`, path })
}

/** The error for a list that does not say what it should. */
export function malformedList(path: string, line: number, why: string): BenchError {
  return new BenchError({ code: 'bad-input', message: `Line ${line} of ${path} ${why}.`, path })
}
