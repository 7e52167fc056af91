import type { Command } from 'commander'
import {
  addSettingsOptions,
  type BackendChoice,
  backendOption,
  chooseSeed,
  dataOption,
  jsonOption,
  type SettingsFlags,
  settingsOf,
  wholeNumber,
} from '../command-options.ts'
import { decimal, significant } from '../format/numbers.ts'
import { createPainter } from '../format/paint.ts'
import { formatTable } from '../format/table.ts'

interface Flags extends SettingsFlags {
  readonly runs: string
  readonly steps: number
  readonly out: string
  readonly seed?: number
  readonly backend: BackendChoice
  readonly data?: string
  readonly json?: true
}

const examples = `
Writes initial.safetensors, batches.safetensors (images NHWC and labels of every step), trace.json (losses, terms
and learning rate of every step) and final.safetensors, so that another framework can replay the steps.

Examples:
  mate-bench trace bench-specs/quickstart/mate.json --steps 10 --out trace
  mate-bench trace SPEC --steps 3 --out trace --seed 2 --backend cpu
`

export function define(command: Command): void {
  addSettingsOptions(command)
    .argument('<spec>', 'spec file')
    .requiredOption('--steps <n>', 'how many steps', wholeNumber(1))
    .requiredOption('--out <dir>', 'folder for the trace')
    .option('--seed <n>', "seed (default: the spec's first)", wholeNumber(0))
    .option('--runs <folder>', "where the finished runs of the spec's teachers are", 'runs')
    .addOption(backendOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async (path: string, flags: Flags) => {
      const { readSpec } = await import('@mate-bench/harness/read-spec')
      const spec = readSpec(path)
      const { traceSpec } = await import('@mate-bench/harness/trace')
      const steps = await traceSpec({
        spec,
        seed: chooseSeed(flags.seed, spec.seeds),
        steps: flags.steps,
        out: flags.out,
        runs: flags.runs,
        backend: flags.backend,
        settings: settingsOf(flags),
        dataFolder: flags.data,
      })
      if (flags.json) {
        process.stdout.write(`${JSON.stringify({ out: flags.out, steps }, null, 2)}\n`)
        return
      }
      const terms = Object.keys(steps[0]?.terms ?? {})
      const columns = ['step', 'learning rate', 'loss', ...terms].map((title) => ({
        title,
        align: 'right' as const,
      }))
      const rows = steps.map(({ step, learningRate, loss, terms: values }) => [
        String(step),
        significant(learningRate, 4),
        decimal(loss, 6),
        ...terms.map((term) => (term in values ? decimal(values[term] ?? 0, 6) : '')),
      ])
      process.stdout.write(
        `${formatTable(columns, rows, createPainter(process.stdout))}\n\nTrace: ${flags.out}\n`,
      )
      if (steps.length < flags.steps) {
        process.stdout.write(`The spec has only ${steps.length} steps.\n`)
      }
    })
}
