import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runFiles } from '@mate-bench/harness/run-files'
import { BenchError } from '@mate-bench/schema'

/**
 * The run folders that a user's paths stand for: each path is a run folder itself, or a folder that holds some.
 * A run that is named twice is taken once. Unfinished runs (`.partial`) inside a folder are passed over.
 *
 * @throws BenchError `not-found` for a path that leads to no finished run
 */
export function runFolders(paths: readonly string[]): string[] {
  const folders = new Map<string, string>()
  // `runs/a`, `runs/a/` and `./runs/a` are one folder: a run that counts twice would be taken for a copy.
  for (const folder of paths.flatMap(foldersAt)) {
    const key = resolve(folder)
    if (!folders.has(key)) folders.set(key, folder)
  }
  return [...folders.values()]
}

function foldersAt(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) throw notFound(path, `There is no folder ${path}.`)
  if (!stats.isDirectory()) throw notFound(path, `${path} is a file, not a run folder.`)
  if (isRun(path)) return [path]
  const names = readdirSync(path).sort((a, b) => (a < b ? -1 : 1))
  const inside = names.filter((name) => !name.endsWith('.partial')).map((name) => join(path, name))
  const found = inside.filter(isRun)
  if (found.length > 0) return found
  const unfinished = isPartial(path) || names.some((name) => name.endsWith('.partial'))
  throw notFound(
    path,
    `There is no finished run in ${path}.`,
    unfinished ? 'There is an unfinished one: go on with `mate-bench run SPEC --resume`.' : undefined,
  )
}

function isRun(folder: string): boolean {
  return existsSync(join(folder, runFiles.manifest)) && !isPartial(folder)
}

/** Also with the slash behind it that a shell completes. */
function isPartial(folder: string): boolean {
  return resolve(folder).endsWith('.partial')
}

function notFound(path: string, message: string, hint?: string): BenchError {
  return new BenchError({
    code: 'not-found',
    message,
    path,
    hint: hint ?? 'Give a folder that holds manifest.json, or the folder above it, such as runs.',
  })
}
