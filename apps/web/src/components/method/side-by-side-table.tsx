import { percent } from '../../view/numbers.ts'
import {
  noteNumbers,
  type PublishedSource,
  publishedSources,
  shortCitation,
} from '../../view/published-sources.ts'
import type { AlignedGroup, OwnFigure, PrintedFigure } from '../../view/side-by-side.ts'
import { DataTable } from '../data-table.tsx'
import { PublishedSources } from '../published-sources.tsx'

/** Ours and the papers' in one row where dataset, network and exit are the same. */
export function SideBySideTable({ groups }: { groups: readonly AlignedGroup[] }) {
  const sources = publishedSources(
    groups.flatMap(({ rows }) => rows.flatMap(({ printed }) => printed.map(({ result }) => result))),
  )
  return (
    <>
      <div className="card">
        <DataTable
          label="Our numbers beside the papers’"
          columns={['Dataset', 'Network', 'Exit', 'Metric', 'Ours (%)', 'Printed (%)']}
        >
          {groups.flatMap(({ dataset, architecture, rows }) =>
            rows.map(({ exit, metric, ours, printed }) => (
              <tr key={`${dataset} ${architecture} ${metric} ${exit}`} className="align-top">
                <td>{dataset}</td>
                <td>{architecture}</td>
                <th scope="row">{exit}</th>
                <td>{metric}</td>
                <td>
                  {ours.map((figure) => (
                    <Own key={figure.entryId} figure={figure} />
                  ))}
                </td>
                <td className="wrap min-w-72!">
                  {printed.map((figure) => (
                    <Printed key={figure.result.id} figure={figure} sources={sources} />
                  ))}
                </td>
              </tr>
            )),
          )}
        </DataTable>
      </div>
      <PublishedSources sources={sources} />
    </>
  )
}

function Own({ figure: { entryId, name, mean, sd, seeds, synthetic } }: { figure: OwnFigure }) {
  return (
    <div>
      <span className="tabular-nums">
        {percent(mean)}
        {sd === null ? '' : ` ± ${percent(sd)}`}
      </span>{' '}
      <a className="link" href={`/entries/${entryId}`}>
        {name}
      </a>{' '}
      <span className="text-soft">n = {seeds}</span>
      {synthetic ? <strong className="text-bad"> synthetic data</strong> : null}
    </div>
  )
}

interface PrintedProps {
  readonly figure: PrintedFigure
  readonly sources: readonly PublishedSource[]
}

function Printed({ figure: { share, result }, sources }: PrintedProps) {
  const notes = noteNumbers(sources, result)
  return (
    <div>
      <span className="tabular-nums">
        {percent(share)}
        {result.ci95 === null ? '' : ` ± ${result.ci95}`}
      </span>{' '}
      <a className="link" href={result.url} rel="noopener">
        {shortCitation(result.citation)}, {result.table}
      </a>{' '}
      <span className="text-soft">
        {result.metric.endsWith('_error') ? `printed as an error of ${result.value}; ` : ''}
        {result.variant}
        {notes.length === 0 ? '' : `; notes ${notes.join(', ')}`}
      </span>
    </div>
  )
}
