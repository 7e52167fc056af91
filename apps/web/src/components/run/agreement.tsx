import type { Manifest } from '@mate-bench/schema'
import { percentText } from '../../view/numbers.ts'
import { MatrixTable } from '../matrix-table.tsx'

/** How the exits stand to each other: agreement, overthinking, and attention where the method has it. */
export function Agreement({ results }: { results: Manifest['results'] }) {
  const names = results.exits.map(({ k }) => `exit ${k}`)
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-2">
        <MatrixTable
          label="Agreement: share of test images on which two exits predict the same class (%)"
          rows={names}
          columns={names}
          values={results.agreement}
        />
        {results.attention ? (
          <MatrixTable
            label="Attention: how much each teacher draws on each exit, at the evaluated epoch (%)"
            rows={results.attention.map((_, i) => `teacher ${i + 1}`)}
            columns={names}
            values={results.attention}
          />
        ) : null}
      </div>
      <p className="mt-3 max-w-[80ch] text-[0.92rem] text-soft">
        Overthinking: {percentText(results.overthinking.wasteful, 1)} of all images are already right at an
        exit before the last; {percentText(results.overthinking.destructive, 1)} are wrong at the last exit
        though an earlier exit had them right.
      </p>
    </>
  )
}
