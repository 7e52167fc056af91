import { uniqueNames } from '@mate-bench/stats'
import { type MethodTableRow, rivalTable } from '@mate-bench/store'
import { getStore } from '../../data/store.ts'
import { trackKey } from '../../data/tracks.ts'
import { jointBaseline } from '../../view/joint-baseline.ts'
import { percent, percentText, si } from '../../view/numbers.ts'
import { TableScroll } from '../table-scroll.tsx'

/** As many as may share tracks with the entries of a page; older ones are not looked for. */
const mostBaselines = 200

interface OwnNumbersProps {
  /** The method that all of the entries are of. */
  readonly method: string
  readonly entries: readonly MethodTableRow[]
}

/** Exits of a method's entries, beside joint training of the same network where there is one. */
export async function OwnNumbers({ method, entries }: OwnNumbersProps) {
  const isJoint = method === 'joint'
  const joint = isJoint ? [] : await jointEntries(entries)
  const names = uniqueNames(entries.map(({ aggregate }) => aggregate))
  const rows = entries.map((entry, i) => ({
    entry,
    ...entry.aggregate,
    name: names[i],
    baseline: jointBaseline(entry, joint),
  }))
  const most = Math.max(0, ...rows.map(({ exits }) => exits.length))
  return (
    <div className="card">
      <TableScroll label="Top-1 of our entries">
        <table className="data">
          <caption className="sr-only">Top-1 of our entries, exit by exit</caption>
          <thead>
            <tr>
              <th scope="col">Entry</th>
              <th scope="col">Track</th>
              <th scope="col" className="num">
                n
              </th>
              {Array.from({ length: most }, (_, i) => `Exit ${i + 1} (%)`).map((title) => (
                <th key={title} scope="col" className="num">
                  {title}
                </th>
              ))}
              <th scope="col" className="num">
                Ensemble (%)
              </th>
              <th scope="col" className="num">
                MACs
              </th>
              {isJoint ? null : (
                <th scope="col" title="The same network, track, training and evaluation">
                  Joint, same network
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ entry, name, runs, exits, ensemble, baseline }) => (
              <tr key={entry.entryId} data-entry={entry.entryId}>
                <th scope="row">
                  <a className="link" href={`/entries/${entry.entryId}`}>
                    {name}
                  </a>
                  {entry.synthetic ? <strong className="text-bad"> synthetic data</strong> : null}
                </th>
                <td>
                  <a className="link" href={`/?track=${trackKey({ digest: entry.trackDigest })}`}>
                    {entry.dataset}
                  </a>
                </td>
                <td className="num">{runs.length}</td>
                {Array.from({ length: most }, (_, i) => i + 1).map((k) => {
                  const exit = exits[k - 1]
                  return (
                    <td key={k} className="num">
                      {exit ? percent(exit.top1.mean) : '–'}
                    </td>
                  )
                })}
                <td className="num">{percent(ensemble.top1.mean)}</td>
                <td className="num">{si(exits.at(-1)?.sequentialMacs ?? 0)}</td>
                {isJoint ? null : (
                  <td>
                    {baseline ? (
                      <a className="link" href={`/compare?entries=${baseline.entryId},${entry.entryId}`}>
                        {percentText(baseline.aggregate.exits.at(-1)?.top1.mean ?? 0)} at the last exit,
                        compare
                      </a>
                    ) : (
                      '–'
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </div>
  )
}

/** Joint training on the same tracks with backbones of the same kind. */
async function jointEntries(entries: readonly MethodTableRow[]): Promise<MethodTableRow[]> {
  return await rivalTable(
    (await getStore()).db,
    {
      method: 'joint',
      trackDigests: [...new Set(entries.map(({ trackDigest }) => trackDigest))],
      backbones: [...new Set(entries.map(({ backbone }) => backbone))],
    },
    mostBaselines,
  )
}
