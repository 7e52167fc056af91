import type { WriteStream } from 'node:tty'
import type { EngineProgress } from '@mate-bench/engines/install'
import { createDownloadReporter } from '../progress/download-reporter.ts'

export interface EngineReporter {
  readonly progress: (progress: EngineProgress) => void
  close(): void
}

const phases: Readonly<Record<Exclude<EngineProgress['phase'], 'downloading' | 'waiting'>, string>> = {
  verifying: 'verifying',
  unpacking: 'unpacking',
  compiling: 'compiling the addon of',
  checking: 'training a few steps with',
}

/** How an installation goes: downloads with a bar, everything else a line each. */
export function createEngineReporter(stream: WriteStream): EngineReporter {
  let bar: ReturnType<typeof createDownloadReporter> | undefined
  let last = ''
  const say = (line: string) => {
    if (line !== last) stream.write(`${line}\n`)
    last = line
  }
  const close = () => {
    bar?.close()
    bar = undefined
  }
  return {
    progress(progress) {
      if (progress.phase === 'downloading' && progress.totalBytes > 0) {
        bar ??= createDownloadReporter(stream)
        bar.progress({ ...progress, file: progress.item })
        return
      }
      close()
      if (progress.phase === 'waiting') say('Another process is installing it; waiting ...')
      else if (progress.phase === 'downloading') say(`  downloading ${progress.item}`)
      else say(`  ${phases[progress.phase]} ${progress.item}`)
    },
    close,
  }
}
