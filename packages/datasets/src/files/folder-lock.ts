import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError } from '@mate-bench/schema'
import { lock } from 'proper-lockfile'
import { errorCode, storageErrorFrom } from './storage-error.ts'

const staleMilliseconds = 30_000
const refreshMilliseconds = 5_000
const pollMilliseconds = 200

export interface FolderLockOptions {
  readonly signal?: AbortSignal | undefined
  /** Called once when somebody else holds the lock. */
  readonly onWaiting?: () => void
}

/**
 * Runs `task` as the only writer of a dataset's folder, which is made if need be. Waits while another process
 * writes; a lock whose owner died is taken over when it has not been refreshed for 30 seconds.
 *
 * @param task gets a signal that also fires when the lock is lost
 * @throws BenchError `storage` when the folder can't be made, `interrupted` when the signal fires while waiting,
 *   `conflict` when the lock is lost
 */
export async function withFolderLock<T>(
  folder: string,
  task: (signal: AbortSignal) => Promise<T>,
  opts: FolderLockOptions = {},
): Promise<T> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw storageErrorFrom(error, folder)
  })
  const lost = new AbortController()
  const release = await acquire(folder, lost, opts)
  try {
    return await task(opts.signal ? AbortSignal.any([opts.signal, lost.signal]) : lost.signal)
  } catch (error) {
    throw lost.signal.aborted ? lost.signal.reason : error
  } finally {
    // A lock that was lost is somebody else's: nothing to give back.
    await release().catch(() => {})
  }
}

async function acquire(folder: string, lost: AbortController, opts: FolderLockOptions) {
  for (let announced = false; ; announced = true) {
    try {
      return await lock(folder, {
        lockfilePath: join(folder, '.lock'),
        realpath: false,
        stale: staleMilliseconds,
        update: refreshMilliseconds,
        onCompromised: (cause) => lost.abort(lockLost(folder, cause)),
      })
    } catch (error) {
      if (errorCode(error) !== 'ELOCKED') throw storageErrorFrom(error, folder)
    }
    if (!announced) opts.onWaiting?.()
    await sleep(pollMilliseconds, undefined, opts.signal ? { signal: opts.signal } : {}).catch(() => {
      throw new BenchError({
        code: 'interrupted',
        message: `Stopped while another process writes to ${folder}.`,
        path: folder,
      })
    })
  }
}

function lockLost(folder: string, cause: Error): BenchError {
  return new BenchError({
    code: 'conflict',
    message: `Another process took over ${folder} while this one was writing to it.`,
    path: folder,
    hint: 'Wait until it is done, then run the command again: it goes on where it stopped.',
    cause,
  })
}
