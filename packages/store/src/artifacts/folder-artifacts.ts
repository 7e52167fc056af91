import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import {
  type ArtifactStore,
  artifactDamaged,
  artifactKey,
  artifactNotFound,
  type Sha256,
} from './artifact-store.ts'
import { sha256Of } from './digest.ts'

/** Artifacts in a folder of this machine. */
export function openFolderArtifacts(folder: string): ArtifactStore {
  const where = resolve(folder)
  const pathOf = (sha256: Sha256) => join(where, ...artifactKey(sha256).split('/'))
  const head = async (sha256: Sha256) => {
    const stats = await stat(pathOf(sha256)).catch(missingIsUndefined)
    return stats ? { bytes: stats.size } : undefined
  }
  return {
    where,
    head,
    async put(bytes) {
      const sha256 = sha256Of(bytes)
      const present = await head(sha256)
      if (present?.bytes !== bytes.length) await writeWhole(pathOf(sha256), bytes)
      return sha256
    },
    async get(sha256) {
      const bytes = await readFile(pathOf(sha256)).catch(missingIsUndefined)
      if (!bytes) throw artifactNotFound(sha256, where)
      const found = sha256Of(bytes)
      if (found !== sha256) throw artifactDamaged(sha256, found, where)
      return new Uint8Array(bytes)
    },
  }
}

function missingIsUndefined(thrown: unknown): undefined {
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
  throw storageError(thrown)
}

let counter = 0

/** Under another name first, flushed, then renamed: a reader sees all of it or nothing. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.${counter++}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw storageError(thrown)
  }
}

function storageError(thrown: unknown): BenchError {
  return new BenchError({
    code: 'storage',
    message: `The artifact folder cannot be used: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
    hint: 'Free some space or correct its permissions, or choose another with MATE_BENCH_ARTIFACTS. What was published before stays as it is.',
    cause: thrown,
  })
}
