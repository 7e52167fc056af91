import type { Manifest } from '@mate-bench/schema'
import { wilsonInterval } from '@mate-bench/stats'
import { duration, intervalText, percentText, si } from '../../view/numbers.ts'
import { KeyFigures } from '../key-figures.tsx'

/** What one run came to. No rank: entries are ranked, and a run is one seed of its entry. */
export function RunHeadline({ manifest }: { manifest: Manifest }) {
  const { results, model, track, timing, environment } = manifest
  const [first, last] = [results.exits[0], results.exits.at(-1)]
  const [cheapest, dearest] = [model.exits[0], model.exits.at(-1)]
  if (!first || !last || !cheapest || !dearest) return null
  const images = track.splits.test.count
  const interval = wilsonInterval(Math.round(last.top1 * images), images)
  return (
    <KeyFigures
      figures={[
        {
          name: `Top-1 of exit ${last.k}`,
          value: percentText(last.top1),
          note: `${intervalText(interval)}, one seed`,
        },
        // A network of one exit has its figure already.
        ...(first === last
          ? []
          : [
              {
                name: `Top-1 of exit ${first.k}`,
                value: percentText(first.top1),
                note: `at ${percentText(cheapest.sequentialMacs / dearest.sequentialMacs, 0)} of the cost`,
              },
            ]),
        {
          name: 'Top-1 of the ensemble',
          value: percentText(results.ensemble.top1),
          note: 'mean probability of all exits',
        },
        {
          name: 'Sequential MACs',
          value: si(dearest.sequentialMacs),
          note: `${si(model.parameters)} parameters`,
        },
        {
          name: 'Wall time',
          value: duration(timing.wallSeconds),
          note: `with ${environment.backend.name}`,
        },
      ]}
    />
  )
}
