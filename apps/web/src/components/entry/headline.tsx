import type { BoardEntry } from '../../data/board-table.ts'
import { intervalText, percent, si } from '../../view/numbers.ts'
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
  const group = entry.ranking.comparison === null && tableSize === 1 ? 'the only entry' : `of ${tableSize}`
  const figures = [
    {
      name: `Top-1 of exit ${last.k}`,
      value: `${percent(last.top1.mean)} %`,
      note: interval ? `${intervalText(interval)}${interval.coversSeeds ? '' : ', one seed'}` : '',
    },
    {
      name: 'Rank group',
      value: String(entry.ranking.rank),
      note: group,
    },
    // A network of one exit has its figure already.
    ...(first === last
      ? []
      : [
          {
            name: `Top-1 of exit ${first.k}`,
            value: `${percent(first.top1.mean)} %`,
            note: `at ${percent(first.sequentialMacs / last.sequentialMacs, 0)} % of the cost`,
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
