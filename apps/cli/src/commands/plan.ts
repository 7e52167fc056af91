import type { CloudCost } from '@mate-bench/cloud/cost'
import type { Plan } from '@mate-bench/harness/plan'
import { BenchError } from '@mate-bench/schema'
import type { Command } from 'commander'
import {
  addSettingsOptions,
  type BackendChoice,
  backendOption,
  jsonOption,
  type SettingsFlags,
  settingsOf,
  wholeNumber,
} from '../command-options.ts'
import { createPainter } from '../format/paint.ts'

interface Flags extends SettingsFlags {
  /** False with --no-measure. */
  readonly measure: boolean
  readonly backend: BackendChoice
  readonly workers?: number
  readonly cloud?: true
  readonly gflops?: number
  readonly json?: true
}

const examples = `
Checks specs and shows what they need, without data and without training: the time on this machine is estimated from a
few timed training steps on noise.

Examples:
  mate-bench plan bench-specs/cifar100/resnet18-mate.json
  mate-bench plan bench-specs/cifar100/*.json --no-measure
  mate-bench plan SPEC --backend wasm --json
  mate-bench plan bench-specs/cifar100/resnet18-mate.json --cloud        GPU-hours and dollars on AWS
  mate-bench plan SPEC --cloud --gflops 2500                             with a throughput that you measured
  mate-bench plan bench-specs/cifar100/*.json --cloud                    what all of them cost together

If a method learns from a teacher, the teacher's spec is planned first; each spec is planned once.
`

export function define(command: Command): void {
  addSettingsOptions(command)
    .argument('<spec...>', 'spec files')
    .option('--no-measure', 'leave out the estimated time')
    .addOption(backendOption())
    .option('--workers <n>', 'runs at a time, for the estimate (default: one a core)', wholeNumber(1))
    .option('--cloud', 'GPU-hours and dollars on AWS instead of the time on this machine')
    .option('--gflops <n>', 'for --cloud: measured training throughput, in GFLOP/s', wholeNumber(1))
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async (paths: string[], flags: Flags) => {
      if (flags.gflops !== undefined && !flags.cloud) {
        throw new BenchError({
          code: 'bad-input',
          message: '--gflops is a throughput in the cloud, and this plan is for this machine.',
          path: '--gflops',
          hint: 'Add --cloud, or leave out --gflops: the time here is measured.',
        })
      }
      const { readSpec } = await import('@mate-bench/harness/read-spec')
      const { digestSpec } = await import('@mate-bench/harness/spec')
      const { planSpec } = await import('@mate-bench/harness/plan')
      const { teacherChain } = await import('@mate-bench/harness/teachers')
      // Teachers are trained too, each once, whoever learns from them.
      const specs = paths.map((path) => readSpec(path)).flatMap((spec) => [...teacherChain(spec), spec])
      const plans = [...new Map(specs.map((spec) => [digestSpec(spec), spec])).values()].map(planSpec)
      const estimate =
        flags.measure && !flags.cloud ? (await import('../estimate-time.ts')).estimateTime : undefined
      const { formatPlan, planToJson } = await import('../format/plan-text.ts')
      const paint = createPainter(process.stdout)
      const documents: unknown[] = []
      const costs: (readonly CloudCost[])[] = []
      for (const plan of plans) {
        const time = await estimate?.(plan, { ...flags, settings: settingsOf(flags) })
        const cloud = flags.cloud ? await cloudCost(plan, flags.gflops) : undefined
        if (cloud) costs.push(cloud)
        if (flags.json) documents.push({ ...planToJson(plan, time), ...(cloud ? { cloud } : {}) })
        else process.stdout.write(`${formatPlan(plan, flags.cloud ? 'elsewhere' : time, paint)}\n`)
        if (cloud && !flags.json) {
          const { formatCloudCost } = await import('../format/cloud-cost-text.ts')
          process.stdout.write(`${formatCloudCost(cloud, paint)}\n`)
        }
      }
      if (costs.length > 1 && !flags.json) {
        const { formatTotalCloudCost } = await import('../format/cloud-cost-text.ts')
        process.stdout.write(`${formatTotalCloudCost(costs, paint)}\n`)
      }
      if (flags.json) process.stdout.write(`${JSON.stringify({ plans: documents }, null, 2)}\n`)
    })
}

async function cloudCost(plan: Plan, gflops: number | undefined) {
  const { splits, forwardMacs, trainingMacsPerRun, spec } = plan
  const { epochs } = spec.training
  const { estimateCloudCost } = await import('@mate-bench/cloud/cost')
  return estimateCloudCost({
    // Validation after each epoch, and both splits at the end.
    macsPerRun: trainingMacsPerRun + forwardMacs * (splits.validation * (epochs + 1) + splits.test),
    runs: spec.seeds.length,
    flopPerSecond: gflops === undefined ? undefined : gflops * 1e9,
  })
}
