import type { WriteStream } from 'node:tty'
import type { AddImageFolderOptions } from '@mate-bench/datasets'
import { createLogUpdate } from 'log-update'
import { integer } from '../format/numbers.ts'

type PackStep = Parameters<NonNullable<AddImageFolderOptions['onProgress']>>[0]

/** How pictures are being packed: a line that is redrawn on a terminal, one for each tenth elsewhere. */
export interface PackReporter {
  readonly progress: (step: PackStep) => void
  close(): void
}

const redrawMilliseconds = 100

export function createPackReporter(stream: WriteStream, name: string): PackReporter {
  const update = stream.isTTY ? createLogUpdate(stream) : undefined
  let lastDrawn = 0
  let lastLine = ''
  return {
    progress(step) {
      const now = performance.now()
      if (update) {
        if (now - lastDrawn < redrawMilliseconds && step.phase !== 'sealing') return
        lastDrawn = now
        update(`${name}: ${describe(step, step.images)}`)
        return
      }
      // The first, and then every tenth.
      const tenth = Math.max(1, Math.floor(('totalImages' in step ? (step.totalImages ?? 0) : 0) / 10))
      if (step.phase === 'reading' && step.images !== 1) return
      const line = `${name}: ${describe(step, step.phase === 'packing' ? Math.floor(step.images / tenth) * tenth : step.images)}`
      if (line !== lastLine) stream.write(`${line}\n`)
      lastLine = line
    },
    close() {
      update?.clear()
      update?.done()
    },
  }
}

function describe(step: PackStep, images: number): string {
  switch (step.phase) {
    case 'reading':
      return `reading, ${integer(images)} pictures`
    case 'packing':
      return `decoding and packing, ${integer(images)}${step.totalImages === undefined ? '' : ` of ${integer(step.totalImages)}`} pictures`
    case 'sealing':
      return `checking ${integer(images)} packed pictures`
  }
}
