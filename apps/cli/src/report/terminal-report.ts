import {
  type ClassifierReport,
  type EntryReport,
  groupEntries,
  loadRuns,
  type TrackReport,
} from '@mate-bench/harness/entries'
import { percentText, si } from '../format/numbers.ts'
import { createPainter, type Painter } from '../format/paint.ts'
import { type Column, formatTable } from '../format/table.ts'
import { wrap } from '../format/wrap.ts'
import {
  boundText,
  controlledEntries,
  costText,
  lossText,
  riskControlNote,
  riskControlTitle,
  settingsText,
} from './risk-control-text.ts'
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
        ...riskControl(track, paint),
      ].join('\n')
    })
    .join('\n')
}

const controlColumns: readonly Column[] = [
  { title: 'entry' },
  { title: 'exit rule' },
  { title: 'bound (points)', align: 'right' },
  { title: 'setting, by seed', align: 'right' },
  { title: 'loss on test (points)', align: 'right' },
  { title: 'top-1', align: 'right' },
  { title: 'MACs', align: 'right' },
  { title: 'of the last exit', align: 'right' },
]

/** Nothing where no spec asks for it. */
function riskControl(track: TrackReport, paint: Painter): string[] {
  const rows = controlledEntries(track).flatMap(({ entry, summaries }) =>
    summaries.map((summary, i) => [
      ...[i === 0 ? entry.name : '', summary.rule, boundText(summary), settingsText(summary)],
      ...[
        lossText(summary),
        percentText(summary.accuracy),
        si(summary.averageMacs),
        costText(summary, entry),
      ],
    ]),
  )
  if (rows.length === 0) return []
  return [
    paint('bold', riskControlTitle),
    '',
    formatTable(controlColumns, rows, paint),
    '',
    paint('dim', wrap(riskControlNote, 110)),
    '',
  ]
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
