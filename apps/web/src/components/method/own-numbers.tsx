import { type MethodTableRow, rivalTable } from '@mate-bench/store'
import { getStore } from '../../data/store.ts'
import { trackKey } from '../../data/tracks.ts'
import { percent, shortDigest, si } from '../../view/numbers.ts'
import { TableScroll } from '../table-scroll.tsx'

/** As many as may share tracks with the entries of a page; older ones are not looked for. */
const mostBaselines = 200

/** Exits of a method's entries, beside joint training on the same track with the same network where there is one. */
export async function OwnNumbers({ entries }: { entries: readonly MethodTableRow[] }) {
  const joint = await rivalTable(
    (await getStore()).db,
    {
      method: 'joint',
      trackDigests: [...new Set(entries.map(({ trackDigest }) => trackDigest))],
      backbones: [...new Set(entries.map(({ backbone }) => backbone))],
    },
    mostBaselines,
  )
  const names = entries.map(({ aggregate }) => aggregate.specName)
  const rows = entries.map((entry) => {
    const { specName, specDigest } = entry.aggregate
    const shared = names.filter((name) => name === specName).length > 1
    return {
      entry,
      ...entry.aggregate,
      name: shared ? `${specName} (${shortDigest(specDigest)})` : specName,
      baseline: joint.find((candidate) => isBaselineOf(entry, candidate)),
    }
  })
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
              <th scope="col">Joint, same network</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ entry, name, runs, exits, ensemble, baseline }) => (
              <tr key={entry.entryId}>
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
                <td>
                  {baseline ? (
                    <a className="link" href={`/compare?entries=${baseline.entryId},${entry.entryId}`}>
                      {percent(baseline.aggregate.exits.at(-1)?.top1.mean ?? 0)} % at the last exit, compare
                    </a>
                  ) : (
                    '–'
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </div>
  )
}

/** Joint training of a network with the same exits at the same costs, on the same track. */
function isBaselineOf(entry: MethodTableRow, candidate: MethodTableRow): boolean {
  const costs = ({ aggregate }: MethodTableRow) => aggregate.exits.map(({ sequentialMacs }) => sequentialMacs)
  return (
    candidate.entryId !== entry.entryId &&
    candidate.trackDigest === entry.trackDigest &&
    candidate.backbone === entry.backbone &&
    costs(candidate).join() === costs(entry).join()
  )
}
