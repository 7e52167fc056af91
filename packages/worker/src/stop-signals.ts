import { outlivesTerminal } from './hang-up.ts'

/** What a command that trains listens to. */
export interface StopSignals {
  /**
   * Fires at the first SIGINT, SIGTERM or SIGHUP (the terminal is closed, unless it is to be outlived): finish the step,
   * save, end.
   */
  readonly stop: AbortSignal
  /** Fires at the second: end at once. */
  readonly kill: AbortSignal
  close(): void
}

/** One Ctrl-C may come twice: from the terminal, and passed on by what started us (npm, a shell script). */
const sameMilliseconds = 500

/**
 * Listens to the signals by which people and systems end a program, until `close`; they do not end it by themselves then.
 *
 * @param onStop told at the first, before `stop` fires
 */
export function listenForStop(onStop: () => void): StopSignals {
  const stop = new AbortController()
  const kill = new AbortController()
  let stoppedAt = 0
  const listener = () => {
    if (stop.signal.aborted) {
      if (performance.now() - stoppedAt > sameMilliseconds) kill.abort()
      return
    }
    stoppedAt = performance.now()
    onStop()
    stop.abort()
  }
  const names: readonly NodeJS.Signals[] = outlivesTerminal()
    ? ['SIGINT', 'SIGTERM']
    : ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const name of names) process.on(name, listener)
  return {
    stop: stop.signal,
    kill: kill.signal,
    close() {
      for (const name of names) process.off(name, listener)
    },
  }
}
