import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import { storageError, writeFileAtomic } from './atomic-file.ts'
import type { Checkpoint } from './checkpoint.ts'
import { encodeCheckpoint, readCheckpoint } from './checkpoint-file.ts'
import { runFiles } from './run-files.ts'
import type { RunFolder } from './run-folder.ts'

/** Saves a checkpoint and keeps the one before: whenever the process ends, a whole one is there. */
export function saveCheckpoint(folder: RunFolder, checkpoint: Checkpoint): void {
  const path = folder.path(runFiles.checkpoint)
  writeFileAtomic(path, encodeCheckpoint(checkpoint), { keepAs: folder.path(runFiles.previousCheckpoint) })
}

/**
 * The newest checkpoint that can be trusted. A damaged one is passed over for the one before it, with a word; where
 * that is none, the run is not begun anew in silence.
 *
 * @param check throws `bad-input` for a checkpoint that can't be of this run, which then counts as damaged
 * @returns undefined where nothing was saved yet
 * @throws BenchError `bad-input` with each that is damaged, and what else `check` throws
 */
export function loadCheckpoint(
  folder: RunFolder,
  check: (checkpoint: Checkpoint, path: string) => void,
  warn: (message: string) => void,
): Checkpoint | undefined {
  const latest = folder.path(runFiles.checkpoint)
  const previous = folder.path(runFiles.previousCheckpoint)
  const problems: BenchError[] = []
  for (const path of [latest, previous]) {
    if (!existsSync(path)) continue
    try {
      const checkpoint = readCheckpoint(path)
      check(checkpoint, path)
      for (const { message } of problems) warn(`${message}. Training goes on from the checkpoint before it.`)
      // So that the next save does not keep the damaged one in its place.
      if (path === previous) rename(previous, latest)
      return checkpoint
    } catch (thrown) {
      if (!(thrown instanceof BenchError && thrown.code === 'bad-input')) throw thrown
      problems.push(thrown)
    }
  }
  const [first] = problems
  if (!first) return undefined
  throw new BenchError({
    code: 'bad-input',
    message: problems.map(({ message }) => message).join('; '),
    path: first.path,
    hint: `No checkpoint is left to resume from. Delete the folder to start again: ${join(latest, '../..')}`,
    cause: first,
  })
}

function rename(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (thrown) {
    throw storageError(to, thrown)
  }
}
