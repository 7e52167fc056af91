import type { PublishedResult } from '@mate-bench/store'
import { exitName, noteNumbers, publishedSources, shortCitation } from '../view/published-sources.ts'
import { PublishedSources } from './published-sources.tsx'
import { TableScroll } from './table-scroll.tsx'

const metrics = {
  top1: 'top-1',
  top5: 'top-5',
  top1_error: 'top-1 error',
  top5_error: 'top-5 error',
} as const

interface PublishedTableProps {
  readonly label: string
  readonly results: readonly PublishedResult[]
}

/** Numbers as papers print them, each with where it stands; then the papers, with what must be known of each. */
export function PublishedTable({ label, results }: PublishedTableProps) {
  const sources = publishedSources(results)
  const hasOneDataset = new Set(results.map(({ dataset }) => dataset)).size === 1
  return (
    <>
      <div className="card">
        <TableScroll label={label}>
          <table className="data">
            <caption className="sr-only">{label}</caption>
            <thead>
              <tr>
                <th scope="col">Paper</th>
                {hasOneDataset ? null : <th scope="col">Dataset</th>}
                <th scope="col">Architecture</th>
                <th scope="col">Method</th>
                <th scope="col">Exit</th>
                <th scope="col">Metric</th>
                <th scope="col" className="num">
                  Printed (%)
                </th>
                <th scope="col" className="num">
                  Cost (M)
                </th>
                <th scope="col">Notes</th>
                <th scope="col">Where</th>
              </tr>
            </thead>
            <tbody>
              {results.map((result) => (
                <tr key={result.id}>
                  <td>{shortCitation(result.citation)}</td>
                  {hasOneDataset ? null : <td>{result.dataset}</td>}
                  <td>{result.architecture}</td>
                  <td>
                    {result.method}
                    {result.variant === '' ? '' : `, ${result.variant}`}
                  </td>
                  <td>{exitName(result.exit)}</td>
                  <td>{metrics[result.metric]}</td>
                  <td className="num">
                    {result.value}
                    {result.ci95 === null ? '' : ` ± ${result.ci95}`}
                  </td>
                  <td className="num">{result.flopsMillions ?? '–'}</td>
                  <td>{noteNumbers(sources, result).join(', ')}</td>
                  <td>
                    <a className="link" href={result.url} rel="noopener">
                      {result.table}
                    </a>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      </div>
      <PublishedSources sources={sources} />
    </>
  )
}
