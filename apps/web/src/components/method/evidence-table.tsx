import type { Evidence } from '@mate-bench/methods'
import { DataTable } from '../data-table.tsx'

/** What the choices rest on that a method's paper leaves open, a row an option or several. */
export function EvidenceTable({ evidence }: { evidence: readonly Evidence[] }) {
  return (
    <div className="card">
      <DataTable className="stack" label="Evidence" columns={['Choice', 'What it rests on']}>
        {evidence.map(({ options, text }) => (
          <tr key={text}>
            <th scope="row" className="wrap font-mono text-[0.88em]">
              {options.join(', ')}
            </th>
            <td className="wrap sm:min-w-72!">{text}</td>
          </tr>
        ))}
      </DataTable>
    </div>
  )
}
