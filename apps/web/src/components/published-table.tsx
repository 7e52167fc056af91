import type { PublishedResult } from '@mate-bench/store'
import { exitName, noteNumbers, publishedSources, shortCitation } from '../view/published-sources.ts'
import { DataTable } from './data-table.tsx'
import { PublishedSources } from './published-sources.tsx'

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
        <DataTable
          label={label}
          columns={[
            'Paper',
            hasOneDataset ? undefined : 'Dataset',
            'Architecture',
            'Method',
            'Exit',
            'Metric',
            { number: 'Printed (%)' },
            { number: 'Cost (M)' },
            'Notes',
            'Where',
          ]}
        >
          {results.map((result) => (
            <tr key={result.id}>
              <td>{shortCitation(result.citation)}</td>
              {hasOneDataset ? null : <td>{result.dataset}</td>}
              <td>{result.architecture}</td>
              <td className="wrap min-w-40!">
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
        </DataTable>
      </div>
      <PublishedSources sources={sources} />
    </>
  )
}
