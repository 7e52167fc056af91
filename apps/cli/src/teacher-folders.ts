import { dirname, resolve } from 'node:path'
import { readManifest } from '@mate-bench/harness/read-manifest'
import { BenchError } from '@mate-bench/schema'

/**
 * The folders with those of their teachers that lie in the same place, teachers before those whom they taught, each once.
 */
export async function teachersFirst(folders: readonly string[]): Promise<string[]> {
  const all = await Promise.all(folders.map(async (folder) => [...(await teacherFolders(folder)), folder]))
  return distinct(all.flat())
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
export async function withTeacherFolders(folders: readonly string[]): Promise<string[]> {
  const all = await Promise.all(folders.map(async (folder) => [folder, ...(await teacherFolders(folder))]))
  return distinct(all.flat())
}

async function teacherFolders(folder: string): Promise<string[]> {
  try {
    const { manifest } = readManifest(folder)
    if (manifest.teachers === undefined) return []
    // Loaded where a run has teachers alone: most have none, and these bring every method along.
    const [{ findTrainedRun }, { parseSpec }, { teacherChain }] = await Promise.all([
      import('@mate-bench/harness/find-trained'),
      import('@mate-bench/harness/spec'),
      import('@mate-bench/harness/teachers'),
    ])
    const chain = teacherChain(parseSpec(manifest.spec, folder))
    return chain.flatMap((teacher) => findTrainedRun(dirname(resolve(folder)), teacher, manifest.seed) ?? [])
  } catch (thrown) {
    if (thrown instanceof BenchError) return []
    throw thrown
  }
}
