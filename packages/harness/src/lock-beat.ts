import { Worker } from 'node:worker_threads'

/** How often a lock's time is renewed. */
export const beatMilliseconds = 1000

/** Renews the time of a lock file until `end`. Keeps no process alive. */
export interface LockBeat {
  end(): void
}

/**
 * A thread of its own: a training step, or the judging of a split, may block the event loop for minutes.
 *
 * @param content what the file holds; once it holds anything else it is another's, and is let be
 */
export function startLockBeat(path: string, content: string): LockBeat {
  const thread = new Worker(new URL('./lock-beat-thread.js', import.meta.url), {
    execArgv: [], // flags of the process such as --import are not meant for the thread
    workerData: { path, content, beatMilliseconds },
  })
  // A lock without a beat still holds on its own machine.
  thread.on('error', () => {})
  thread.unref()
  return {
    end() {
      thread.terminate().catch(() => {})
    },
  }
}
