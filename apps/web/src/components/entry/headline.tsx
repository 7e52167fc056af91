import type { BoardEntry } from '../../data/board-table.ts'
import { tellingText } from '../../view/comparison-text.ts'
import { intervalText, percentText, si, signedInterval, signedPercent } from '../../view/numbers.ts'
import { KeyFigures } from '../key-figures.tsx'

interface HeadlineProps {
  readonly entry: BoardEntry
  readonly tableSize: number
}

/** What an entry came to, and where it stands in its table. */
export function Headline({ entry, tableSize }: HeadlineProps) {
  const [first, last] = [entry.exits[0], entry.exits.at(-1)]
  if (!first || !last) return null
  const interval = entry.intervals.exits.at(-1)
  const { rank, againstLeader, againstBaseline } = entry.ranking
  const group =
    tableSize === 1
      ? 'the only entry'
      : `among ${tableSize} entries; those that do not differ significantly share a rank`
  const figures = [
    {
      name: `Top-1 of exit ${last.k}`,
      value: percentText(last.top1.mean),
      note: interval ? `${intervalText(interval)}${interval.seedShare === 'own' ? '' : ', one seed'}` : '',
    },
    {
      name: 'Rank',
      value: rank === null ? '–' : String(rank),
      note: rank !== null ? group : entry.disputed ? 'disputed: not ranked' : 'one seed: not ranked',
    },
    ...[
      { name: 'To the leader', comparison: againstLeader },
      { name: 'To joint training', comparison: againstBaseline },
    ].flatMap(({ name, comparison }) =>
      comparison
        ? [
            {
              name,
              value: signedPercent(comparison.difference),
              note: `${signedInterval(comparison)} points, ${tellingText(comparison)}`,
            },
          ]
        : [],
    ),
    // A network of one exit has its figure already.
    ...(first === last
      ? []
      : [
          {
            name: `Top-1 of exit ${first.k}`,
            value: percentText(first.top1.mean),
            note: `at ${percentText(first.sequentialMacs / last.sequentialMacs, 0)} of the cost`,
          },
        ]),
    {
      name: 'Sequential MACs',
      value: si(last.sequentialMacs),
      note: `${si(2 * last.sequentialMacs)} FLOPs, all exits`,
    },
    { name: 'Parameters', value: si(entry.parameters), note: `${entry.backbone}, ${entry.head} heads` },
  ]
  return <KeyFigures figures={figures} />
}
