import type { PublishedMark } from '../../data/published-marks.ts'
import { chartedEntries } from '../../view/charted-entries.ts'
import { findDataset } from '../../view/find-dataset.ts'
import { plural } from '../../view/numbers.ts'
import { BoardChart } from '../board/board-chart.tsx'
import { PublishedTable } from '../published-table.tsx'

interface PublishedClaimsProps {
  readonly dataset: string
  readonly unit: 'macs' | 'flops'
  /** How many numbers papers print. */
  readonly printed: number
  /** Those of top-1 that state a cost. */
  readonly marks: readonly PublishedMark[]
}

const noEntries = chartedEntries({ shown: [], matching: [], all: [] })

/** A dataset that nobody has published a run on: what papers claim, and how to put a run beside it. */
export function PublishedClaims({ dataset, unit, printed, marks }: PublishedClaimsProps) {
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 className="[overflow-wrap:anywhere]">What papers claim on {dataset}</h2>
        <p className="text-soft">
          No run has been published here yet.{' '}
          <a className="link" href="/docs/submit">
            Be the first
          </a>
          {findDataset(dataset) ? (
            <>
              , or read{' '}
              <a className="link" href={`/datasets/${dataset}`}>
                about the data
              </a>
            </>
          ) : null}
          .
        </p>
      </div>
      <p className="mt-1 max-w-[80ch] text-soft">
        Typed from papers, each with its source below: {marks.length} of {plural(printed, 'number')} give
        top-1 with its cost and can be drawn. Recipes, splits and seeds differ between papers, and nobody has
        recomputed these numbers here, so they are not ranked.
      </p>
      {marks.length > 0 ? (
        <section aria-label="Chart" className="card mt-4 p-4">
          <BoardChart
            dataset={dataset}
            unit={unit}
            charted={noEntries}
            frontier={[]}
            published={marks.map(({ point }) => point)}
          />
        </section>
      ) : null}
      <div className="mt-4">
        <PublishedTable
          label={`Numbers that papers print for ${dataset}`}
          results={marks.map(({ result }) => result)}
        />
      </div>
    </>
  )
}
