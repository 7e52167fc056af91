import { existsSync, readFileSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import { flushFolder, storageError, writeFileAtomic } from './atomic-file.ts'
import { makeFolder } from './make-folder.ts'
import { lockByProcess } from './process-lock.ts'
import { digestSpec, type Spec } from './spec.ts'

/** Names inside a run folder. */
export const runFiles = {
  spec: 'spec.json',
  manifest: 'manifest.json',
  metrics: 'metrics.jsonl',
  log: 'log.jsonl',
  predictions: 'predictions.parquet',
  validationPredictions: 'validation-predictions.parquet',
  model: 'model.safetensors',
  checkpoint: 'checkpoint/latest.safetensors',
  best: 'checkpoint/best.safetensors',
} as const

/** Where a run of `spec` with `seed` goes: readable, and another folder whenever the spec changes. */
export function runFolderName(spec: Spec, seed: number): string {
  return `${spec.name}-${digestSpec(spec).slice('sha256:'.length, 'sha256:'.length + 8)}-seed${seed}`
}

/**
 * A run at work. Everything is written to `NAME.partial`, which becomes `NAME` in one rename when the run is
 * complete: a folder without that ending is whole.
 */
export interface RunFolder {
  /** The final folder. */
  readonly folder: string
  /**
   * Where files are written until then. Asked anew for each: two processes must never write into one folder.
   * @throws BenchError `conflict` once another process has taken the lock away
   */
  readonly path: (file: string) => string
  /** Drops the checkpoint, renames to the final name and lets go of the lock. */
  finish(): void
  /** Lets go of the lock; what is there stays for `--resume`. */
  release(): void
}

export interface OpenRunFolderOptions {
  readonly out: string
  readonly spec: Spec
  readonly seed: number
  readonly resume: boolean
  /** Room that the run will need at most. */
  readonly bytesNeeded: number
}

export function runFolderPath(out: string, spec: Spec, seed: number): string {
  return join(resolve(out), runFolderName(spec, seed))
}

/** True where the run is already complete. */
export function isComplete(out: string, spec: Spec, seed: number): boolean {
  return existsSync(join(runFolderPath(out, spec, seed), runFiles.manifest))
}

/**
 * Opens the folder of a run, new or to be resumed, and locks it against a second process.
 * @throws BenchError `conflict` for a folder that is locked, or partial without `resume`; `storage` for a
 *   folder that can't be written or a disk that is too full
 */
export function openRunFolder(options: OpenRunFolderOptions): RunFolder {
  const { spec, seed, resume } = options
  const folder = runFolderPath(options.out, spec, seed)
  const partial = `${folder}.partial`
  if (existsSync(join(partial, runFiles.checkpoint)) && !resume) {
    throw new BenchError({
      code: 'conflict',
      message: `An unfinished run is there already: ${partial}`,
      path: partial,
      hint: 'Add --resume to go on from its last checkpoint, or delete the folder to start again.',
    })
  }
  prepare(partial, options.bytesNeeded)
  const lockFile = `${partial}.lock`
  const lock = lockByProcess(lockFile, `the run ${basename(folder)}`)
  const path = (file: string) => {
    if (!lock.isHeld()) throw lockTaken(lockFile, basename(folder))
    return join(partial, file)
  }
  writeFileAtomic(join(partial, runFiles.spec), `${JSON.stringify(spec, null, 2)}\n`)
  return {
    folder,
    path,
    finish() {
      rmSync(dirname(path(runFiles.checkpoint)), { recursive: true, force: true })
      rmSync(folder, { recursive: true, force: true })
      renameSync(partial, folder)
      flushFolder(dirname(folder))
      lock.release()
    },
    release: lock.release,
  }
}

function lockTaken(path: string, run: string): BenchError {
  return new BenchError({
    code: 'conflict',
    message: `Another process took over the run ${run}, since this one was silent for too long.`,
    path,
    hint: 'It goes on there, from the last checkpoint; nothing more is written here.',
  })
}

function prepare(partial: string, bytesNeeded: number): void {
  try {
    makeFolder(partial)
    writeFileAtomic(join(partial, '.writable'), '')
    rmSync(join(partial, '.writable'))
  } catch (thrown) {
    throw storageError(partial, thrown)
  }
  const { bavail, bsize } = statfsSync(partial)
  if (bavail * bsize < bytesNeeded) {
    throw new BenchError({
      code: 'storage',
      message: `The run may need ${megabytes(bytesNeeded)} and ${megabytes(bavail * bsize)} are free: ${dirname(partial)}`,
      path: partial,
      hint: 'Free some space, or choose another disk with --out.',
    })
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`
}

/** Rows of a `.jsonl` file; none where there is no file. A last line that was cut off is left out. */
export function readJsonLines(path: string): unknown[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as unknown]
    } catch {
      return []
    }
  })
}
