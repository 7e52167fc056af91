import type { MissingRuns } from '@mate-bench/store'
import type { BoardEntry } from '../../data/board-table.ts'
import { missingList } from '../../view/begun-runs.ts'

interface BoardNotesProps {
  readonly entries: readonly BoardEntry[]
  /** What was begun and is not published, by entry. */
  readonly missing: ReadonlyMap<string, MissingRuns>
}

/** What a reader must know to read the table rightly. */
export function BoardNotes({ entries, missing }: BoardNotesProps) {
  const incomplete = entries.flatMap(({ id, name }) => {
    const runs = missing.get(id)
    return runs ? [{ id, name, runs }] : []
  })
  const single = entries.filter(({ seeds }) => seeds.length === 1)
  return (
    <ul className="mt-4 max-w-[92ch] space-y-1 text-[0.9rem] text-soft">
      <li>
        Entries that share a rank do not differ significantly at their last exits. Each is compared with the
        leader and with joint training (the entry with the most seeds), over seeds and test images together.
        “About n more seeds” is how many each of the two would need for a significant difference, if the
        difference and the spread over seeds stay as they are.{' '}
        <a className="link" href="/docs#ranks">
          How ranks are made
        </a>
      </li>
      <li>
        Within a budget, an entry counts with its deepest exit that fits, as on a device with that budget. The
        cost of the target is that of the cheapest exit whose mean top-1 reaches it; set the target above the
        table.
      </li>
      <li>
        Sequential cost is the backbone up to the exit and every head on the way; FLOPs = 2 × MACs.{' '}
        <a className="link" href="/docs#costs">
          How costs are counted
        </a>
      </li>
      {incomplete.length > 0 ? (
        <li>
          Started and not published, according to the ledger:{' '}
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
          One seed only, so not ranked: {single.map(({ name }) => name).join(', ')}. Their intervals take the
          spread between seeds from the track’s other entries, if those have several.
        </li>
      ) : null}
    </ul>
  )
}
