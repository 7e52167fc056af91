import { writeFileAtomic } from '@mate-bench/harness/atomic-file'
import type { TrackReport } from '@mate-bench/harness/entries'
import { renderHtmlReport } from './html-report.ts'

/** @throws BenchError `storage` for a place that can't be written */
export function writeHtmlReport(file: string, tracks: readonly TrackReport[]): void {
  writeFileAtomic(file, renderHtmlReport(tracks))
}
