import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { TrackReport } from '@mate-bench/harness/entries'
import { BenchError } from '@mate-bench/schema'
import { renderHtmlReport } from './html-report.ts'

/** @throws BenchError `storage` for a place that can't be written */
export function writeHtmlReport(file: string, tracks: readonly TrackReport[]): void {
  const html = renderHtmlReport(tracks)
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, html)
  } catch (thrown) {
    throw new BenchError({
      code: 'storage',
      message: `The page can't be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      path: file,
      hint: 'Choose another place.',
      cause: thrown,
    })
  }
}
