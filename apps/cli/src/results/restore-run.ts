import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { flushFolder, storageError, writeFileAtomic } from '@mate-bench/harness/atomic-file'
import { BenchError } from '@mate-bench/schema'

/**
 * Copies a whole run folder to its final name. As while a run trains, it is called `….partial` until everything is on the
 * disk: a folder without that ending is whole, also where the disk is full or the process is killed.
 *
 * @throws BenchError `conflict` where there is a folder of that name, `storage`
 */
export function restoreRun(folder: string, whole: string): void {
  requireFree(whole)
  const partial = `${whole}.partial`
  try {
    rmSync(partial, { recursive: true, force: true })
    for (const file of readdirSync(folder))
      writeFileAtomic(join(partial, file), readFileSync(join(folder, file)))
    renameSync(partial, whole)
    flushFolder(join(whole, '..'))
  } catch (thrown) {
    throw storageError(whole, thrown)
  }
}

/** @throws BenchError `conflict` where there is a folder of that name */
export function requireFree(whole: string): void {
  if (!existsSync(whole)) return
  throw new BenchError({
    code: 'conflict',
    message: `There is a folder ${whole} already.`,
    path: whole,
    hint: 'Delete it, or name another place with --restore.',
  })
}
