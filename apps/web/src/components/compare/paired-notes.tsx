import type { PairedRow } from '../../view/paired-rows.ts'

/** How intervals and p-values were made, and what they rest on. */
export function PairedNotes({ rows }: { rows: readonly PairedRow[] }) {
  const cells = rows.flatMap(({ cells }) => cells.flatMap((cell) => cell ?? []))
  const shares = new Set(cells.map(({ seedShare }) => seedShare))
  return (
    <ul className="mt-3 max-w-[92ch] space-y-1 text-[0.9rem] text-soft">
      <li>
        Intervals and p cover seeds and test images together. An interval is for one comparison; p is
        corrected by Holm’s method for all {cells.length} of this table, so a difference whose interval
        excludes zero may still be chance.{' '}
        <a className="link" href="/docs#ranks">
          How entries are compared
        </a>
      </li>
      <li>
        “About n more seeds” is how many each of the two would need for a significant difference, if the
        difference and the spread over seeds stay as they are.
      </li>
      {shares.has('track') ? (
        <li>
          One seed says nothing about the spread over seeds, so the spread of the track’s other entries is
          used instead. Such a difference is shown but never called significant.
        </li>
      ) : null}
      {shares.has('unknown') ? (
        <li>
          Where no entry of the track has several seeds, an interval covers the test images alone: another
          seed may lie outside it.
        </li>
      ) : null}
      <li>Exit k may cost different MACs in two networks: read each difference together with both costs.</li>
    </ul>
  )
}
