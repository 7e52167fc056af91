import { type Command, Option } from 'commander'
import { type BackendChoice, backendChoices, dataOption, seedList } from '../command-options.ts'

interface Flags {
  readonly url: string
  readonly out: string
  readonly backend?: BackendChoice
  readonly data?: string
  readonly seeds?: number[]
  readonly publish?: true
  readonly token?: string
}

const examples = `
Takes the manifest of a run that ships (bench-results), or fetches that of a published one, says what differs here (commit,
lockfile, backend, processor, …), trains the same spec with the same seed, and compares: digests of predictions and
weights, and every number of every exit.
It ends in one verdict:
  identical                 the same bytes: what one commit, backend and its settings must give
  equal within float32      all numbers agree, with how far they are off
  statistically consistent  top-1 of every exit is equivalent to the entry's over its seeds (two one-sided t-tests at
                            5 %, within the margin of the track's protocol); --seeds trains more of the spec's seeds
  inconsistent              what differs, and the most likely cause

Give the command again to resume an interrupted run. With --publish the training is registered in the site's ledger before
it begins and the manifests are sent to the site, which judges them itself and shows who sent them. Registration and verdict
are signed with your key (mate-bench key create). Without a key or a registration the verdict is shown, but does not raise
the run's tier. If another key signed the run, the verdict counts as a third party's.

Exit code: 0 for the first three, 1 for the last, 2 for bad input, 130 when interrupted.

Examples:
  mate-bench reproduce study-mate-0123abcd-seed1          a run that ships: see mate-bench results list
  mate-bench reproduce https://bench.example.org/runs/run_0123456789abcdef0123
  mate-bench reproduce run_0123456789abcdef0123 --url http://localhost:3000
  mate-bench reproduce URL --backend wasm --out again     on another backend: expect other last digits
  mate-bench reproduce URL --seeds 1,2,3                  three trainings against the entry's
  mate-bench reproduce URL --publish                      with MATE_BENCH_TOKEN, scope submit
`

export function define(command: Command): void {
  command
    .argument('<run>', "name of a run that ships, address of a published run's page, or its id")
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
    .addOption(
      new Option('--seeds <list>', "seeds of the spec to train, besides the run's own").argParser(seedList),
    )
    .addOption(dataOption())
    .option('--publish', 'send the verdict to the site')
    .option('--token <token>', 'token with the scope submit, for --publish (default: MATE_BENCH_TOKEN)')
    .addHelpText('after', examples)
    .action(async (run: string, flags: Flags) => {
      const { reproduceRun } = await import('../reproduce/reproduce-run.ts')
      await reproduceRun(run, {
        url: flags.url,
        out: flags.out,
        backend: flags.backend,
        dataFolder: flags.data,
        seeds: flags.seeds,
        publish: flags.publish && { token: flags.token ?? process.env.MATE_BENCH_TOKEN },
      })
    })
}
