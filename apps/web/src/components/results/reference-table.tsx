import type { StudyResults } from '@mate-bench/results/study'
import { decimal, percent } from '../../view/numbers.ts'
import { DataTable } from '../data-table.tsx'

/** Networks beside the methods: one exit alone, and the teachers. */
export function ReferenceTable({ study }: { readonly study: StudyResults }) {
  return (
    <div className="card w-fit max-w-full">
      <DataTable
        label="One exit alone, and the teachers"
        narrow
        columns={['Network', { number: 'Seeds' }, { number: 'MACs, M' }, { number: 'Top-1, %' }]}
      >
        {study.references.map(({ name, what, seeds, sequentialMacs, mean, lower, upper }) => (
          <tr key={name}>
            <th scope="row" title={what}>
              {name}
            </th>
            <td className="num">{seeds.length}</td>
            <td className="num">{decimal(sequentialMacs / 1e6, 2)}</td>
            <td className="num">
              {percent(mean)}{' '}
              <span className="text-soft">
                [{percent(lower)}, {percent(upper)}]
              </span>
            </td>
          </tr>
        ))}
      </DataTable>
    </div>
  )
}
