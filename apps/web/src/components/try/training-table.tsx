import { decimal, integer, percent } from '../../view/numbers.ts'
import type { TrainingProgress } from '../../view/training-progress.ts'
import { TableScroll } from '../table-scroll.tsx'

/** The figures of the latest epochs, and at the end those of the test split. */
export function TrainingTable({ progress }: { readonly progress: TrainingProgress }) {
  const { began, epochs, result } = progress
  if (began === undefined || epochs.length === 0) return null
  const exits = Array.from({ length: began.exits }, (_, i) => i + 1)
  const figure = (share: number | undefined) => (share === undefined ? '' : percent(share, 1))
  const [first] = epochs
  return (
    <TableScroll label="Figures of each epoch">
      <table className="data mt-3">
        <caption className="sr-only">Loss and top-1 accuracy in percent of each epoch</caption>
        <thead>
          <tr>
            <th scope="col">Epoch</th>
            <th scope="col" className="num">
              Loss
            </th>
            {exits.map((k) => (
              <th key={k} scope="col" className="num">
                Exit {k}, validation %
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first && first.epoch > 1 ? (
            <tr>
              <td colSpan={2 + exits.length}>Epochs before {integer(first.epoch)} are left out.</td>
            </tr>
          ) : null}
          {epochs.map(({ epoch, loss, validation }) => (
            <tr key={epoch}>
              <th scope="row">{epoch}</th>
              <td className="num">{decimal(loss, 3)}</td>
              {exits.map((k) => (
                <td key={k} className="num">
                  {figure(validation.get(k))}
                </td>
              ))}
            </tr>
          ))}
          {result ? (
            <tr className="font-semibold">
              <th scope="row">Test split</th>
              <td />
              {exits.map((k) => (
                <td key={k} className="num">
                  {figure(result.testTop1[k - 1])}
                </td>
              ))}
            </tr>
          ) : null}
        </tbody>
      </table>
    </TableScroll>
  )
}
