import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, parseJson, problemsFromIssues } from '@mate-bench/schema'
import { type ReferenceFile, referenceFileSchema } from './reference-file.ts'

/**
 * Reads every paper of a folder, in order of their names.
 * @throws BenchError `not-found` for a folder without any, `bad-input` for a file that does not parse
 */
export function readReferences(folder: string): ReferenceFile[] {
  const names = listFolder(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
  if (names.length === 0) throw noReferences(folder)
  return names.map((name) => {
    const path = join(folder, name)
    const file = parseReferences(readFileSync(path, 'utf8'), path)
    if (`${file.id}.json` === name) return file
    throw new BenchError({
      code: 'bad-input',
      message: `${path} has the id ${file.id}.`,
      path,
      hint: `Name the file ${file.id}.json, so that no two papers share an id.`,
    })
  })
}

export function parseReferences(text: string, source: string): ReferenceFile {
  const input = parseJson(text, source)
  const parsed = referenceFileSchema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new BenchError({
    code: 'bad-input',
    message: `${source} is not a file of published numbers.`,
    path: source,
    problems: problemsFromIssues(parsed.error.issues, referenceFileSchema, input),
  })
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    throw noReferences(folder)
  }
}

function noReferences(folder: string): BenchError {
  return new BenchError({
    code: 'not-found',
    message: `There are no published numbers in ${folder}.`,
    path: folder,
    hint: 'They are JSON files, one per paper, as in bench-specs/references.',
  })
}
