import type { ComparedEntry } from '../../data/comparison.ts'
import { percent, signedPercent } from '../../view/numbers.ts'
import { pairedRows } from '../../view/paired-rows.ts'

/** Top-1 of the first entry, and how far each other one is from it on the same images. */
export function PairedTable({ entries }: { entries: readonly ComparedEntry[] }) {
  const [base, ...others] = entries
  if (!base) return null
  const means = [...base.exits.map(({ top1 }) => top1.mean), base.ensemble.top1.mean]
  return (
    <table className="data">
      <caption className="sr-only">Differences to {base.name} in percentage points</caption>
      <thead>
        <tr>
          <th scope="col">Classifier</th>
          <th scope="col" className="num">
            {base.name} (%)
          </th>
          {others.map(({ id, name }) => (
            <th key={id} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {pairedRows(entries).map(({ classifier, differences }, i) => (
          <tr key={classifier}>
            <th scope="row">{classifier}</th>
            <td className="num">{means[i] === undefined ? '–' : percent(means[i])}</td>
            {differences.slice(1).map((difference, e) => (
              <td key={others[e]?.id}>
                {difference === null ? (
                  '–'
                ) : (
                  <>
                    <strong className={toneOf(difference)}>{signedPercent(difference.difference)}</strong>{' '}
                    <span className="text-soft">
                      [{signedPercent(difference.lower)}, {signedPercent(difference.upper)}]
                      {difference.coversSeeds ? '' : ' images only'}
                    </span>
                  </>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Coloured only where the interval leaves out zero. */
function toneOf({ lower, upper }: { readonly lower: number; readonly upper: number }): string {
  if (lower > 0) return 'font-semibold text-good'
  if (upper < 0) return 'font-semibold text-bad'
  return 'font-normal'
}
