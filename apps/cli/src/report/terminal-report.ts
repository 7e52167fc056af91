import {
  type ClassifierReport,
  type EntryReport,
  groupEntries,
  loadRuns,
  type TrackReport,
} from '@mate-bench/harness/entries'
import { si } from '@mate-bench/worker/numbers'
import { createPainter, type Painter } from '../format/paint.ts'
import { type Column, formatTable } from '../format/table.ts'
import { wrap } from '../format/wrap.ts'
import { accuracyText, notes, trackTitle } from './track-text.ts'

interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Loads finished runs and writes a table per track. */
export async function writeTerminalReport(folders: readonly string[], output: Output): Promise<void> {
  const tracks = groupEntries(await loadRuns(folders))
  output.write(formatReport(tracks, createPainter(output)))
}

const columns: readonly Column[] = [
  { title: 'rank', align: 'right' },
  { title: 'entry' },
  { title: 'method' },
  { title: 'n', align: 'right' },
  { title: 'exit', align: 'right' },
  { title: 'top-1 and 95 % interval', align: 'right' },
  { title: 'MACs', align: 'right' },
  { title: 'FLOPs', align: 'right' },
  { title: 'params', align: 'right' },
]

export function formatReport(tracks: readonly TrackReport[], paint: Painter): string {
  return tracks
    .map((track) => {
      const digest = track.track.digest.slice('sha256:'.length, 'sha256:'.length + 8)
      return [
        `${paint('bold', trackTitle(track))}  ${paint('dim', `track ${digest}`)}`,
        '',
        formatTable(
          columns,
          track.entries.flatMap((entry) => entryRows(entry)),
          paint,
        ),
        '',
        ...notes(track).map((note) => paint('dim', wrap(note, 110))),
        '',
      ].join('\n')
    })
    .join('\n')
}

function entryRows(entry: EntryReport): string[][] {
  const head = [String(entry.ranking.rank ?? '-'), entry.name, entry.method, String(entry.seeds.length)]
  const rows = entry.exits.map((exit, i) => [
    ...(i === 0 ? head : head.map(() => '')),
    String(exit.k),
    accuracyOf(exit),
    si(exit.sequentialMacs),
    si(2 * exit.sequentialMacs),
    si(exit.parameters),
  ])
  const last = entry.exits.at(-1)?.sequentialMacs ?? 0
  const ensemble = ['all', accuracyOf(entry.ensemble), si(last), si(2 * last), si(entry.parameters)]
  return [...rows, [...head.map(() => ''), ...ensemble]]
}

/** A star where the seeds' share of the interval is not the entry's own. */
function accuracyOf(report: ClassifierReport): string {
  return `${accuracyText(report)}${report.interval.seedShare === 'own' ? '' : '*'}`
}
