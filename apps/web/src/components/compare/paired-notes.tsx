import { holmAdjust } from '@mate-bench/stats'
import { pValueText } from '../../view/numbers.ts'
import type { PairedRow } from '../../view/paired-rows.ts'

/** How the p-values were made, and where they could not have been small. */
export function PairedNotes({ rows }: { rows: readonly PairedRow[] }) {
  const cells = rows.flatMap(({ cells }) => cells.flatMap((cell) => cell ?? []))
  const tests = new Set(cells.map(({ test }) => test))
  const signFlips = cells.filter(({ test }) => test === 'sign-flip')
  const smallest = Math.max(0, ...signFlips.map(({ smallestPValue }) => smallestPValue))
  // The correction of what each test could give at best bounds the corrected p-value of each from below.
  const corrected = holmAdjust(cells.map(({ smallestPValue }) => smallestPValue))
  const smallestCorrected = Math.max(
    0,
    ...cells.flatMap(({ test }, i) => (test === 'sign-flip' ? (corrected[i] ?? 1) : [])),
  )
  return (
    <ul className="mt-3 max-w-[92ch] space-y-1 text-[0.9rem] text-soft">
      <li>
        p is from{' '}
        {[
          tests.has('sign-flip') ? 'the exact sign-flip test over seeds' : null,
          tests.has('mcnemar')
            ? 'the exact McNemar test of the first runs, where either side has one seed'
            : null,
        ]
          .filter(Boolean)
          .join(', or ')}
        , corrected by Holm’s method for the {cells.length} tests of this table.{' '}
        <a className="link" href="/docs#ranks">
          The tests
        </a>
      </li>
      {smallestCorrected > 0.05 ? (
        <li>
          With so few seeds the sign-flip test cannot give less than {pValueText(smallest)} before correction
          and {pValueText(smallestCorrected)} after it, however far apart the entries are.
        </li>
      ) : null}
      <li>Exit k has the cost that it has in its own network: read a difference beside both MACs.</li>
    </ul>
  )
}
