import { BenchError } from '@mate-bench/schema'
import { formatError } from './errors/error-block.ts'
import { createPainter } from './format/paint.ts'

let hasLeft = false
let hasFailed = false

/** Whether nobody reads our output any more. What only tells something, for as long as somebody listens, ends then. */
export function readerHasLeft(): boolean {
  return hasLeft
}

/**
 * `mate-bench publish RUN... | head` closes our standard output early, a terminal that is closed takes it along: that is
 * no error. Training is stopped as by a signal, and saves; any other command comes to its end unheard, with its own exit
 * code: what it changes is never left half done. Where output goes to a file and its disk is full it ends in the same way,
 * and says so, with exit code 1.
 */
export function outliveReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'].includes(error.code ?? '')) {
        if (error.syscall !== 'write') throw error
        if (!hasFailed) sayUnwritten(stream, error)
        hasFailed = true
      }
      if (hasLeft) return
      hasLeft = true
      if (process.listenerCount('SIGTERM') > 0) process.emit('SIGTERM')
    })
  }
}

function sayUnwritten(stream: NodeJS.WriteStream, { message }: Error): void {
  process.exitCode = 1
  if (stream === process.stderr) return
  const error = new BenchError({
    code: 'storage',
    message: `The output could not be written: ${message}.`,
    hint: 'Free some space, or send the output elsewhere, and give the command again.',
  })
  process.stderr.write(formatError(error, createPainter(process.stderr)))
}
