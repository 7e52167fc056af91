import {
  assumedShareOfPeak,
  assumedStartSeconds,
  type CloudCost,
  peakFlopPerSecond,
} from '@mate-bench/cloud/cost'
import { assumedSpotShare, pricesAsOf } from '@mate-bench/cloud/instance-prices'
import { duration, si } from '@mate-bench/worker/numbers'
import type { Painter } from './paint.ts'
import { formatTable } from './table.ts'

/** A row a machine, and what the numbers rest on. */
export function formatCloudCost(costs: readonly CloudCost[], paint: Painter): string {
  const table = formatTable(
    [
      { title: 'instance' },
      { title: 'GPU' },
      { title: 'throughput', align: 'right' },
      { title: 'a run', align: 'right' },
      { title: 'GPU-hours', align: 'right' },
      { title: 'spot', align: 'right' },
      { title: 'on-demand', align: 'right' },
    ],
    costs.map((cost) => [
      cost.instance,
      cost.gpu,
      `${si(cost.flopPerSecond)}FLOP/s`,
      duration(cost.secondsPerRun),
      cost.gpuHours.toFixed(2),
      dollars(cost.spotDollars),
      dollars(cost.onDemandDollars),
    ]),
    paint,
  )
  const throughput =
    costs[0]?.throughput === 'measured'
      ? 'Throughput as given by --gflops.'
      : `Throughput is assumed, not measured: ${100 * assumedShareOfPeak} % of the peak (T4 ${si(peakFlopPerSecond.T4)}FLOP/s, A10G ${si(peakFlopPerSecond.A10G)}FLOP/s).`
  return `${table}
${throughput} Each run includes ${duration(assumedStartSeconds)} to start (assumed); retries are left out.
Prices: on-demand list prices of ${pricesAsOf.region}, ${pricesAsOf.date}; spot assumed at ${100 * assumedSpotShare} % of them. Check ${pricesAsOf.source}
`
}

function dollars(value: number): string {
  return `$${value.toFixed(2)}`
}
