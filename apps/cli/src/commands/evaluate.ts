import type { BackendName } from '@mate-bench/backends'
import { type Command, Option } from 'commander'
import { type BackendChoice, backendChoices, dataOption } from '../command-options.ts'

interface Flags {
  readonly url: string
  readonly backend?: Exclude<BackendChoice, 'auto'> & BackendName
  readonly data?: string
  readonly restore?: string
  readonly record?: true
}

const examples = `
Computes the predictions of a run again from its weights and the images of both splits, and compares them with the run's:
byte by byte, and if the bytes differ, every class and every probability. Every number of the manifest must follow from the
run's predictions (from the computed ones if the run has none), and every cost from its spec. Nothing is trained, and a run
folder needs no more than manifest.json and model.safetensors. A published run is fetched from its site; a run that ships is
taken from bench-results by its name or id. For the latter, --record stores the predictions and the verdict in the database,
which raises the run's tier to re-evaluated.

Classes must be equal except for ties: logits may differ by 0.1 % of the image's largest logit (3 % for tensorflow-gpu).

Exit code: 0 when the weights give the published results, 1 when they do not, 2 for bad input.

Examples:
  mate-bench evaluate runs/quickstart-mate-1a2b3c4d-seed1
  mate-bench evaluate study-mate-0123abcd-seed1 --record    a run that ships: see mate-bench results list
  mate-bench evaluate https://bench.example.org/runs/run_0123456789abcdef0123
  mate-bench evaluate run_0123456789abcdef0123 --url http://localhost:3000 --backend wasm
`

export function define(command: Command): void {
  command
    .argument('<run>', 'run folder, name of a run that ships, or address or id of a published one')
    .addOption(
      new Option('--url <url>', 'the site, where the run is named by its id')
        .env('MATE_BENCH_URL')
        .default('http://localhost:3000'),
    )
    .addOption(
      new Option('--backend <name>', 'tfjs backend (default: that of the run)').choices(
        backendChoices.filter((name) => name !== 'auto'),
      ),
    )
    .addOption(dataOption())
    .option('--restore <dir>', 'for a run that ships: write its complete run folder here')
    .option('--record', 'for a run that ships: store its files and the verdict in the database')
    .addHelpText('after', examples)
    .action(async (run: string, flags: Flags) => {
      const { evaluateRun } = await import('../evaluate/evaluate-run.ts')
      await evaluateRun(run, {
        url: flags.url,
        backend: flags.backend,
        dataFolder: flags.data,
        restore: flags.restore,
        record: flags.record ?? false,
      })
    })
}
