import type { MacsRange } from '@mate-bench/stats'
import type { MissingRuns } from '@mate-bench/store'
import type { BoardEntry } from '../../data/board-table.ts'
import { missingList } from '../../view/begun-runs.ts'
import { rangeText } from '../../view/numbers.ts'

interface BoardNotesProps {
  readonly entries: readonly BoardEntry[]
  readonly macsRange: MacsRange
  readonly unit: 'macs' | 'flops'
  /** What was begun and is not published, by entry. */
  readonly missing: ReadonlyMap<string, MissingRuns>
}

/** What a reader must know to read the table rightly. */
export function BoardNotes({ entries, macsRange, unit, missing }: BoardNotesProps) {
  const incomplete = entries.flatMap(({ id, name }) => {
    const runs = missing.get(id)
    return runs ? [{ id, name, runs }] : []
  })
  const single = entries.filter(({ seeds }) => seeds.length === 1)
  return (
    <ul className="mt-4 max-w-[92ch] space-y-1 text-[0.9rem] text-soft">
      <li>
        Rank: entries that share a rank cannot be told apart by their last exits. Each is compared with the
        leader and with the baseline (joint training with most seeds), over seeds and test images together.
        “About n more seeds”: of both entries, if their difference is what it looks like now.{' '}
        <a className="link" href="/docs#ranks">
          How ranks are made
        </a>
      </li>
      <li>
        Intervals are 95 %, of seeds and test images together. Sequential cost is the backbone up to the exit
        and every head on the way; FLOPs = 2 × MACs.
      </li>
      <li>
        AUC is the mean top-1 over budgets from {rangeText(macsRange, unit)}, spread evenly on the log axis: a
        range fixed for this track, whatever is added to it.{' '}
        <a className="link" href="/docs#chart">
          How it is computed
        </a>
      </li>
      {incomplete.length > 0 ? (
        <li>
          Begun and not published, by the ledger:{' '}
          {incomplete.map(({ id, name, runs }, i) => (
            <span key={id}>
              {i > 0 ? '; ' : ''}
              <a className="link" href={`/entries/${id}#ledger`}>
                {name}
              </a>{' '}
              {missingList(runs.first, runs.count)}
            </span>
          ))}
          .
        </li>
      ) : null}
      {single.length > 0 ? (
        <li>
          One seed only, so not ranked: {single.map(({ name }) => name).join(', ')}. How far other seeds would
          lie is taken from the track’s other entries, where they show it.
        </li>
      ) : null}
    </ul>
  )
}
