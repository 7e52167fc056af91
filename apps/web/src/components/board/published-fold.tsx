import type { PublishedResult } from '@mate-bench/store'
import { plural } from '../../view/numbers.ts'
import { PublishedTable } from '../published-table.tsx'

/** The hollow marks of the chart: where each number is printed, and what must be known of it. */
export function PublishedFold({ results }: { results: readonly PublishedResult[] }) {
  return (
    <details className="fold mt-2 text-[0.9rem]">
      <summary className="text-soft">{plural(results.length, 'published number')} with their papers</summary>
      <p className="mt-1 mb-2 max-w-[92ch] text-soft">
        As printed: costs in millions, which these papers call FLOPs and count as multiply-accumulates. Their
        recipes and splits differ from ours, so they are never ranked with runs.
      </p>
      <PublishedTable label="Published numbers of the chart" results={results} />
    </details>
  )
}
