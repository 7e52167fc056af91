import type { ReactNode } from 'react'
import type { SplitSize } from '../../view/default-splits.ts'
import { integer } from '../../view/numbers.ts'
import { TableScroll } from '../table-scroll.tsx'

interface SplitTableProps {
  readonly label: string
  readonly caption: ReactNode
  readonly splits: Readonly<Record<'train' | 'validation' | 'test', SplitSize>>
}

/** How many images each split has, and which. */
export function SplitTable({ label, caption, splits }: SplitTableProps) {
  return (
    <div className="card">
      <TableScroll label={label}>
        <table className="data">
          <caption className="px-3 pt-2.5 text-left">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">Split</th>
              <th scope="col" className="num">
                Images
              </th>
              <th scope="col">Digest of the indices</th>
            </tr>
          </thead>
          <tbody>
            {(['train', 'validation', 'test'] as const).map((split) => (
              <tr key={split}>
                <th scope="row">{split}</th>
                <td className="num">{integer(splits[split].count)}</td>
                <td className="font-mono text-[0.82em]">{splits[split].digest ?? 'not yet known'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </div>
  )
}
