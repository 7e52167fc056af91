import { uniqueNames } from '@mate-bench/stats'
import type { MethodTableRow } from '@mate-bench/store'
import { trackKey } from '../../data/tracks.ts'
import { architectureName } from '../../view/architecture-name.ts'
import { percent, si } from '../../view/numbers.ts'
import { DataTable } from '../data-table.tsx'

const lastTop1 = ({ aggregate }: MethodTableRow) => aggregate.exits.at(-1)?.top1.mean ?? 0

/** Entries on one kind of backbone, track by track: what was trained how, and where it ends up. */
export function BackboneEntries({ entries: newest }: { entries: readonly MethodTableRow[] }) {
  const entries = [...newest].sort(
    (a, b) => a.dataset.localeCompare(b.dataset, 'en') || lastTop1(b) - lastTop1(a),
  )
  const names = uniqueNames(entries.map(({ aggregate }) => aggregate))
  return (
    <div className="card">
      <DataTable
        label="Entries"
        caption="Entries on this backbone, the most accurate of each track first"
        columns={[
          'Entry',
          'Track',
          'Method',
          'Network',
          { number: 'Exits' },
          { number: 'n' },
          { number: 'Top-1 of the last exit (%)' },
          { number: 'MACs' },
          { number: 'Parameters' },
        ]}
      >
        {entries.map((entry, i) => {
          const { entryId, trackDigest, dataset, method, spec, aggregate, synthetic } = entry
          return (
            <tr key={entryId}>
              <th scope="row">
                <a className="link" href={`/entries/${entryId}`}>
                  {names[i]}
                </a>
                {synthetic ? <strong className="text-bad"> synthetic data</strong> : null}
              </th>
              <td>
                <a className="link" href={`/?track=${trackKey({ digest: trackDigest })}`}>
                  {dataset}
                </a>
              </td>
              <td>
                <a className="link" href={`/methods/${method}`}>
                  {method}
                </a>
              </td>
              <td>{architectureName(spec)}</td>
              <td className="num">{aggregate.exits.length}</td>
              <td className="num">{aggregate.runs.length}</td>
              <td className="num">{percent(lastTop1(entry))}</td>
              <td className="num">{si(aggregate.exits.at(-1)?.sequentialMacs ?? 0)}</td>
              <td className="num">{si(aggregate.parameters)}</td>
            </tr>
          )
        })}
      </DataTable>
    </div>
  )
}
