import type { ClassifierReport, TrackReport } from '@mate-bench/harness/entries'

const columns = [
  ...['dataset', 'track', 'rank', 'entry', 'method', 'backbone', 'head', 'n', 'exit'],
  ...['top1', 'top1Lower', 'top1Upper', 'top1Sd', 'top5', 'nll', 'ece', 'auroc'],
  ...['isolatedMacs', 'sequentialMacs', 'parameters', 'specDigest'],
]

/** The board as one file, a row an exit and one for each ensemble: RFC 4180, fractions and counts, never rounded. */
export function boardCsv(tracks: readonly TrackReport[]): string {
  const rows = tracks.flatMap(({ track, entries }) =>
    entries.flatMap((entry) => {
      const { ranking, name, method, backbone, head, seeds, specDigest } = entry
      const own = [track.dataset, track.digest, ranking.rank, name, method, backbone, head, seeds.length]
      const all = entry.exits.at(-1)?.sequentialMacs ?? 0
      return [
        ...entry.exits.map((exit) => [
          ...[...own, exit.k, ...metrics(exit)],
          ...[exit.isolatedMacs, exit.sequentialMacs, exit.parameters, specDigest],
        ]),
        [...own, 'ensemble', ...metrics(entry.ensemble), null, all, entry.parameters, specDigest],
      ]
    }),
  )
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function metrics({ top1, interval, top5, nll, ece, auroc }: ClassifierReport) {
  return [top1.mean, interval.lower, interval.upper, top1.sd, top5, nll, ece, auroc]
}

/** A text that a spreadsheet would run as a formula is quoted with an apostrophe. */
function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
