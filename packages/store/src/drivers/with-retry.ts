import { setTimeout as sleep } from 'node:timers/promises'
import { isTransient } from './store-error.ts'

export interface RetryOptions {
  /** Tries in all. */
  readonly attempts?: number | undefined
  /** Wait before the second try; doubles from then on. */
  readonly firstDelayMilliseconds?: number | undefined
}

/**
 * Does it again when the connection was lost or another transaction was in the way. Only for work that is safe
 * to repeat: reads, and writes that change nothing the second time.
 */
export async function withRetry<T>(work: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { attempts = 3, firstDelayMilliseconds = 100 } = options
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (thrown) {
      if (attempt >= attempts || !isTransient(thrown)) throw thrown
      await sleep(firstDelayMilliseconds * 2 ** (attempt - 1))
    }
  }
}
