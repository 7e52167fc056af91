import type { Evidence } from '@mate-bench/methods'
import { TableScroll } from '../table-scroll.tsx'

/** What the choices rest on that a method's paper leaves open, a row an option or several. */
export function EvidenceTable({ evidence }: { evidence: readonly Evidence[] }) {
  return (
    <div className="card">
      <TableScroll label="Evidence">
        <table className="data">
          <caption className="sr-only">Evidence</caption>
          <thead>
            <tr>
              <th scope="col">Choice</th>
              <th scope="col">What it rests on</th>
            </tr>
          </thead>
          <tbody>
            {evidence.map(({ options, text }) => (
              <tr key={text}>
                <th scope="row" className="wrap font-mono text-[0.88em]">
                  {options.join(', ')}
                </th>
                <td className="wrap min-w-72!">{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </div>
  )
}
