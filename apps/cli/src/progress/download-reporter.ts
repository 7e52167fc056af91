import type { WriteStream } from 'node:tty'
import type { FetchProgress } from '@mate-bench/datasets'
import { createLogUpdate } from 'log-update'
import { bytes, duration } from '../format/numbers.ts'

/** How a download goes: a bar that is redrawn on a terminal, a line for each tenth elsewhere. */
export interface DownloadReporter {
  readonly progress: (progress: FetchProgress) => void
  close(): void
}

const barWidth = 30
const redrawMilliseconds = 100

export function createDownloadReporter(stream: WriteStream): DownloadReporter {
  const update = stream.isTTY ? createLogUpdate(stream) : undefined
  const meter = createMeter()
  let lastDrawn = 0
  let lastLine = ''
  return {
    progress(progress) {
      const now = performance.now()
      const { rate, secondsLeft } = meter(progress, now)
      if (!update) {
        const tenth = Math.floor((10 * progress.bytes) / Math.max(1, progress.totalBytes))
        const line =
          progress.phase === 'downloading'
            ? `${progress.file}: ${10 * tenth} % of ${bytes(progress.totalBytes)}`
            : formatPhase(progress)
        if (line !== lastLine) stream.write(`${line}\n`)
        lastLine = line
        return
      }
      if (now - lastDrawn < redrawMilliseconds && progress.bytes < progress.totalBytes) return
      lastDrawn = now
      update(
        progress.phase === 'downloading'
          ? formatDownload(progress, rate, secondsLeft)
          : formatPhase(progress),
      )
    },
    close() {
      update?.clear()
      update?.done()
    },
  }
}

function formatPhase({ phase, file }: FetchProgress): string {
  return phase === 'waiting' ? `${file}: another process is downloading it; waiting` : `${file}: verifying`
}

/** `train.gz  ██████░░░░  12.3 MB of 169 MB  1.20 MB/s  2 min 5 s left`. */
export function formatDownload(
  { file, bytes: done, totalBytes }: FetchProgress,
  bytesPerSecond: number | undefined,
  secondsLeft: number | undefined,
): string {
  const full = Math.round((barWidth * done) / Math.max(1, totalBytes))
  const parts = [
    file,
    '█'.repeat(full) + '░'.repeat(barWidth - full),
    `${bytes(done)} of ${bytes(totalBytes)}`,
  ]
  if (bytesPerSecond !== undefined) parts.push(`${bytes(bytesPerSecond)}/s`)
  if (secondsLeft !== undefined) parts.push(`${duration(secondsLeft)} left`)
  return parts.join('  ')
}

/** Rate since the file began here: bytes that an earlier download brought are not counted. */
function createMeter() {
  let start: { file: string; bytes: number; at: number } | undefined
  return ({ file, bytes: done, totalBytes }: FetchProgress, now: number) => {
    if (start?.file !== file) start = { file, bytes: done, at: now }
    const seconds = (now - start.at) / 1000
    if (seconds < 0.5 || done <= start.bytes) return { rate: undefined, secondsLeft: undefined }
    const rate = (done - start.bytes) / seconds
    return { rate, secondsLeft: (totalBytes - done) / rate }
  }
}
