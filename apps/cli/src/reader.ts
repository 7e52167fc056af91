let hasLeft = false

/** Whether nobody reads our output any more. What only tells something, for as long as somebody listens, ends then. */
export function readerHasLeft(): boolean {
  return hasLeft
}

/**
 * `mate-bench publish RUN... | head` closes our standard output early, a terminal that is closed takes it along: that is
 * no error. Training is stopped as by a signal, and saves; any other command comes to its end unheard, with its own exit
 * code: what it changes is never left half done.
 */
export function outliveReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'].includes(error.code ?? '')) throw error
      if (hasLeft) return
      hasLeft = true
      if (process.listenerCount('SIGTERM') > 0) process.emit('SIGTERM')
    })
  }
}
