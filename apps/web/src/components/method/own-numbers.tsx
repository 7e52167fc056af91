import { getBoardTable } from '../../data/board-table.ts'
import { getTracks } from '../../data/tracks.ts'
import { percent, si } from '../../view/numbers.ts'
import { TableScroll } from '../table-scroll.tsx'

/** Exits of some entries, beside joint training on the same track with the same network where there is one. */
export async function OwnNumbers({ entryIds }: { entryIds: readonly string[] }) {
  const wanted = new Set(entryIds)
  const tables = await Promise.all((await getTracks()).map(getBoardTable))
  const rows = tables.flatMap(({ track, entries }) =>
    entries
      .filter(({ id }) => wanted.has(id))
      .map((entry) => ({
        dataset: track.document.dataset,
        entry,
        baseline: entries.find(
          (candidate) =>
            candidate.method === 'joint' &&
            candidate.backbone === entry.backbone &&
            candidate.exits.length === entry.exits.length &&
            candidate.exits.every(
              ({ sequentialMacs }, i) => sequentialMacs === entry.exits[i]?.sequentialMacs,
            ),
        ),
      })),
  )
  const most = Math.max(0, ...rows.map(({ entry }) => entry.exits.length))
  return (
    <div className="card mb-3">
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
            {rows.map(({ dataset, entry, baseline }) => (
              <tr key={entry.id}>
                <th scope="row">{entry.name}</th>
                <td>{dataset}</td>
                <td className="num">{entry.seeds.length}</td>
                {Array.from({ length: most }, (_, i) => i + 1).map((k) => {
                  const exit = entry.exits[k - 1]
                  return (
                    <td key={k} className="num">
                      {exit ? percent(exit.top1.mean) : '–'}
                    </td>
                  )
                })}
                <td className="num">{percent(entry.ensemble.top1.mean)}</td>
                <td className="num">{si(entry.exits.at(-1)?.sequentialMacs ?? 0)}</td>
                <td>
                  {baseline && baseline.id !== entry.id ? (
                    <a className="link" href={`/compare?entries=${baseline.id},${entry.id}`}>
                      {percent(baseline.ranking.mean)} % at the last exit, compare
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
