import { join } from 'node:path'
import {
  BenchError,
  checkTexts,
  decodeUtf8,
  type Manifest,
  manifestSchema,
  parseJson,
  problemsFromIssues,
} from '@mate-bench/schema'
import { maximumBytes, readBounded } from './read-bounded.ts'
import { runFiles } from './run-files.ts'

/**
 * Reads the manifest of a finished run.
 * @throws BenchError `not-found` for a folder without one, `bad-input` for one that does not parse
 */
export function readManifest(folder: string): { manifest: Manifest; text: string } {
  const path = join(folder, runFiles.manifest)
  let text: string
  try {
    text = decodeUtf8(readBounded(path, maximumBytes.manifest), path, { keepMark: true })
  } catch (thrown) {
    if (thrown instanceof BenchError && thrown.code !== 'not-found') throw thrown
    throw new BenchError({
      code: 'not-found',
      message: `There is no finished run in ${folder}.`,
      path,
      hint: folder.endsWith('.partial')
        ? 'That run is unfinished: go on with `mate-bench run SPEC --resume`.'
        : 'Give the folder that holds manifest.json, such as runs/NAME.',
      cause: thrown,
    })
  }
  return { manifest: parseManifest(text, path), text }
}

/**
 * Parses the text of a manifest.
 * @param source its file or address, for messages
 * @throws BenchError `bad-input` for one that does not parse
 */
export function parseManifest(text: string, source: string): Manifest {
  const input = parseJson(text, source, { maximumBytes: maximumBytes.manifest, maximumDepth: 32 })
  checkTexts(input, source)
  const parsed = manifestSchema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new BenchError({
    code: 'bad-input',
    message: `${source} is not a manifest of this version.`,
    path: source,
    hint: 'It was changed or written by another version of MATE Bench.',
    problems: problemsFromIssues(parsed.error.issues, manifestSchema, input),
  })
}
