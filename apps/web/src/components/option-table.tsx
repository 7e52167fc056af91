import type { OptionRow } from '../view/schema-options.ts'
import { DataTable } from './data-table.tsx'

/** What a part of a spec may say, from its own schema. */
export function OptionTable({ options }: { options: readonly OptionRow[] }) {
  if (options.length === 0) return <p className="text-soft">It has no options.</p>
  return (
    <div className="card">
      <DataTable className="stack" label="Options" columns={['Option', 'Default', 'Allowed', 'What it does']}>
        {options.map(({ name, defaultValue, allowed, description }) => (
          <tr key={name}>
            <th scope="row" className="font-mono text-[0.88em]">
              {name}
            </th>
            <td className="font-mono text-[0.88em]" data-label="Default">
              {defaultValue ?? 'none'}
            </td>
            <td className="wrap sm:min-w-44!" data-label="Allowed">
              {allowed}
            </td>
            <td className="wrap sm:min-w-72!">{description}</td>
          </tr>
        ))}
      </DataTable>
    </div>
  )
}
