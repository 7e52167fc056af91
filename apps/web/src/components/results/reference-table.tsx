import type { StudyResults } from '@mate-bench/results/study'
import { decimal, percent } from '../../view/numbers.ts'
import { TableScroll } from '../table-scroll.tsx'

/** Networks beside the methods: one exit alone, and the teachers. */
export function ReferenceTable({ study }: { readonly study: StudyResults }) {
  return (
    <div className="card w-fit max-w-full">
      <TableScroll label="One exit alone, and the teachers">
        <table className="data narrow">
          <caption className="sr-only">One exit alone, and the teachers</caption>
          <thead>
            <tr>
              <th scope="col">Network</th>
              <th scope="col" className="num">
                Seeds
              </th>
              <th scope="col" className="num">
                MACs, M
              </th>
              <th scope="col" className="num">
                Top-1, %
              </th>
            </tr>
          </thead>
          <tbody>
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
          </tbody>
        </table>
      </TableScroll>
    </div>
  )
}
