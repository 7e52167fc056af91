import type { RunDetail } from '@mate-bench/store'
import { dateTime, duration, percent } from '../../view/numbers.ts'
import { TableScroll } from '../table-scroll.tsx'

interface RunTableProps {
  readonly runs: readonly RunDetail[]
  /** Ids of runs whose seed is there already. */
  readonly repeats: ReadonlySet<string>
}

/** Top-1 in percent of every exit of each run, so that seeds can be told from one another. */
export function RunTable({ runs, repeats }: RunTableProps) {
  const exits = runs[0]?.manifest.model.exits ?? []
  return (
    <div className="card">
      <TableScroll label="Runs">
        <table className="data">
          <caption className="sr-only">Runs</caption>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col" className="num">
                Seed
              </th>
              {exits.map(({ k }) => (
                <th key={k} scope="col" className="num">
                  Exit {k} (%)
                </th>
              ))}
              <th scope="col" className="num">
                Ensemble (%)
              </th>
              <th scope="col">Backend</th>
              <th scope="col" className="num">
                Wall time
              </th>
              <th scope="col">Tier</th>
              <th scope="col">Published</th>
            </tr>
          </thead>
          <tbody>
            {runs.map(({ id, seed, manifest, backend, wallSeconds, tier, publishedAt }) => (
              <tr key={id}>
                <th scope="row">
                  <a className="link font-mono text-[0.85em]" href={`/runs/${id}`}>
                    {id}
                  </a>
                  {repeats.has(id) ? (
                    <span className="tag ml-2" title="Its seed has a run already: this one is not counted">
                      repeat
                    </span>
                  ) : null}
                </th>
                <td className="num">{seed}</td>
                {manifest.results.exits.map(({ k, top1 }) => (
                  <td key={k} className="num">
                    {percent(top1)}
                  </td>
                ))}
                <td className="num">{percent(manifest.results.ensemble.top1)}</td>
                <td>{backend}</td>
                <td className="num">{duration(wallSeconds)}</td>
                <td>{tier}</td>
                <td>{dateTime(publishedAt.toISOString())}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </div>
  )
}
