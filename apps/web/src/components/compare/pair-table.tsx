import { percent } from '../../view/numbers.ts'
import type { RightAndWrong } from '../../view/right-and-wrong.ts'

interface PairTableProps {
  readonly names: readonly string[]
  readonly pairs: readonly RightAndWrong[]
}

/** How every two entries are right and wrong together. */
export function PairTable({ names, pairs }: PairTableProps) {
  return (
    <table className="data narrow">
      <caption className="px-3 pt-2.5 text-left text-[0.88rem] text-soft">
        Right and wrong together (%)
      </caption>
      <thead>
        <tr>
          {['First', 'Second'].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
          {['Both right', 'Only the first', 'Only the second', 'Both wrong'].map((title) => (
            <th key={title} scope="col" className="num">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {pairs.map(({ pair: [first, second], bothRight, onlyFirst, onlySecond, bothWrong }) => (
          <tr key={`${first} ${second}`}>
            <th scope="row">{names[first]}</th>
            <th scope="row">{names[second]}</th>
            <td className="num">{percent(bothRight, 1)}</td>
            <td className="num">{percent(onlyFirst, 1)}</td>
            <td className="num">{percent(onlySecond, 1)}</td>
            <td className="num">{percent(bothWrong, 1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
