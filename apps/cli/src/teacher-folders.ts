import { dirname, resolve } from 'node:path'
import { findTrainedRun } from '@mate-bench/harness/find-trained'
import { readManifest } from '@mate-bench/harness/manifest'
import { parseSpec } from '@mate-bench/harness/spec'
import { teacherChain } from '@mate-bench/harness/teachers'
import { BenchError } from '@mate-bench/schema'

/**
 * The folders with those of their teachers that lie in the same place, teachers before those whom they taught, each once.
 */
export function teachersFirst(folders: readonly string[]): string[] {
  return distinct(folders.flatMap((folder) => [...teacherFolders(folder), folder]))
}

function distinct(folders: readonly string[]): string[] {
  const all = new Map<string, string>()
  for (const folder of folders) if (!all.has(resolve(folder))) all.set(resolve(folder), folder)
  return [...all.values()]
}

/**
 * The folders, and behind each those of the runs that it learnt from, as far down as the chain of teachers goes and as they
 * lie in the same place; each once. A folder that can't be read has none: whoever reads it says why.
 */
export function withTeacherFolders(folders: readonly string[]): string[] {
  return distinct(folders.flatMap((folder) => [folder, ...teacherFolders(folder)]))
}

function teacherFolders(folder: string): string[] {
  try {
    const { manifest } = readManifest(folder)
    if (manifest.teachers === undefined) return []
    const chain = teacherChain(parseSpec(manifest.spec, folder))
    return chain.flatMap((teacher) => findTrainedRun(dirname(resolve(folder)), teacher, manifest.seed) ?? [])
  } catch (thrown) {
    if (thrown instanceof BenchError) return []
    throw thrown
  }
}
