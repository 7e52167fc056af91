import { type Command, Option } from 'commander'
import { type BackendChoice, backendChoices, dataOption } from '../command-options.ts'

interface Flags {
  readonly url: string
  readonly out: string
  readonly backend?: BackendChoice
  readonly data?: string
}

const examples = `
Fetches the manifest of a published run, says what differs here (commit, lockfile, backend, processor, …), trains the
same spec with the same seed, and compares: digests of predictions and weights, and every number of every exit.
On one machine, commit and backend the bytes are the same. An interrupted run goes on where it stopped when the
command is given again.

Exit code: 0 when the bytes or all numbers agree, 1 when they do not, 2 for bad input, 130 when interrupted.

Examples:
  mate-bench reproduce https://bench.example.org/runs/run_0123456789abcdef0123
  mate-bench reproduce run_0123456789abcdef0123 --url http://localhost:3000
  mate-bench reproduce URL --backend wasm --out again     on another backend: expect other last digits
`

export function define(command: Command): void {
  command
    .argument('<run>', "address of a published run's page, or its id")
    .addOption(
      new Option('--url <url>', 'the site, where the run is named by its id')
        .env('MATE_BENCH_URL')
        .default('http://localhost:3000'),
    )
    .option('--out <dir>', 'folder that the run folder goes into', 'reproduced')
    .addOption(
      new Option('--backend <name>', 'tfjs backend (default: that of the published run)').choices([
        ...backendChoices,
      ]),
    )
    .addOption(dataOption())
    .addHelpText('after', examples)
    .action(async (run: string, flags: Flags) => {
      const { reproduceRun } = await import('../reproduce/reproduce-run.ts')
      await reproduceRun(run, {
        url: flags.url,
        out: flags.out,
        backend: flags.backend,
        dataFolder: flags.data,
      })
    })
}
