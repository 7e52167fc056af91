import {
  assumedShareOfPeak,
  assumedStartSeconds,
  type CloudCost,
  peakFlopPerSecond,
  runLimitHours,
} from '@mate-bench/cloud/cost'
import { assumedSpotShare, pricesAsOf } from '@mate-bench/cloud/instance-prices'
import { decimal, duration, percentText, si } from './numbers.ts'
import type { Painter } from './paint.ts'
import { formatTable } from './table.ts'

/** A row a machine, which of them would not get to the end of a run, and what the numbers rest on. */
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
      cost.gpus === 1 ? cost.gpu : `${cost.gpus} ${cost.gpu}`,
      `${si(cost.flopPerSecond)}FLOP/s`,
      duration(cost.secondsPerRun),
      decimal(cost.gpuHours, 2),
      dollars(cost.spotDollars),
      dollars(cost.onDemandDollars),
    ]),
    paint,
  )
  const throughput =
    costs[0]?.throughput === 'measured'
      ? 'Throughput as given by --gflops.'
      : `Throughput is assumed, not measured: ${percentText(assumedShareOfPeak, 0)} of the single-precision peak (${peaks()}).`
  const usual = costs.filter(({ byDefault }) => byDefault).map(({ instance }) => instance)
  const warnings = limitWarnings(costs).map((line) => paint('yellow', line))
  return `${[table, ...warnings].join('\n')}
The queue starts ${usual.join(', ')}; the others where a deployment names them. A machine of several GPUs is paid for whole.
${throughput} Each run includes ${duration(assumedStartSeconds)} to start (assumed); retries are left out.
Prices: on-demand list prices of ${pricesAsOf.region}, ${pricesAsOf.date}; spot assumed at ${percentText(assumedSpotShare, 0)} of them. Check ${pricesAsOf.source}
`
}

/** What several specs cost together, a row a machine. */
export function formatTotalCloudCost(specs: readonly (readonly CloudCost[])[], paint: Painter): string {
  const total = (instance: string, of: (cost: CloudCost) => number) =>
    specs.flat().reduce((sum, cost) => (cost.instance === instance ? sum + of(cost) : sum), 0)
  const rows = (specs[0] ?? []).map(({ instance, gpu, gpus }) => [
    instance,
    gpus === 1 ? gpu : `${gpus} ${gpu}`,
    decimal(
      total(instance, ({ gpuHours }) => gpuHours),
      1,
    ),
    dollars(total(instance, ({ spotDollars }) => spotDollars)),
    dollars(total(instance, ({ onDemandDollars }) => onDemandDollars)),
  ])
  const columns = [
    { title: 'instance' },
    { title: 'GPU' },
    { title: 'GPU-hours', align: 'right' as const },
    { title: 'spot', align: 'right' as const },
    { title: 'on-demand', align: 'right' as const },
  ]
  return `${paint('bold', `All ${specs.length} specs`)}\n\n${formatTable(columns, rows, paint)}\n`
}

function peaks(): string {
  const each = Object.entries(peakFlopPerSecond).map(
    ([gpu, flopPerSecond]) => `${gpu} ${decimal(flopPerSecond / 1e12, 1)}`,
  )
  return `${each.join(', ')} TFLOP/s`
}

/** A line a limit that runs would pass, and what happens then. */
function limitWarnings(costs: readonly CloudCost[]): string[] {
  const { personal, production } = runLimitHours
  const passing = (stage: keyof typeof runLimitHours) =>
    costs.filter(({ exceedsRunLimit }) => exceedsRunLimit?.stage === stage)
  const line = (stage: keyof typeof runLimitHours, limit: string) => {
    const names = passing(stage).map(({ instance }) => instance)
    return names.length === 0 ? [] : [`${names.join(', ')}: a run would take longer than ${limit}.`]
  }
  const lines = [
    ...line('production', `the ${production} h that a run has in production`),
    ...line(
      'personal',
      `the ${personal} h that a run has in a personal stage (in production ${production} h)`,
    ),
  ]
  if (lines.length === 0) return []
  return [...lines, 'A run that takes longer is given up after its last attempt.']
}

function dollars(value: number): string {
  return `$${decimal(value, 2)}`
}
