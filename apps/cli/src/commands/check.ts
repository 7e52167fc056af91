import { type Command, Option } from 'commander'
import { jsonOption } from '../command-options.ts'

const askable = ['re-evaluated', 'retrained'] as const

interface Flags {
  readonly tier: (typeof askable)[number]
  readonly url: string
  readonly token?: string
  readonly watch?: true
  readonly approve?: true
  readonly json?: true
}

const examples = `
A worker of the site makes the check, and the run's page shows its verdict to everybody:
  re-evaluated  loads the published weights, holds every file to its digest, runs every image of both splits, and compares
                each prediction: classes are equal but for ties within a tolerance that depends on the backend
  retrained     does that, then trains the spec again with the run's seed. The same code, backend and settings must give
                the same bits; otherwise an equivalence test over the entry's seeds decides

A check waits for approval like a submitted spec, and its costs are limited in the same way. Asking for the same check
again while it is under way starts no second one. After a failed check the entry has no rank until an operator has ruled
on the verdict (mate-bench verdict rule).

Exit code: 0 when it was accepted (with --watch: when the run passed), 1 when it did not, 2 for bad input.

Examples:
  export MATE_BENCH_TOKEN=mb_...
  mate-bench check https://bench.example.org/runs/run_0123456789abcdef0123 --tier re-evaluated
  mate-bench check run_0123456789abcdef0123 --tier retrained --url http://localhost:3000 --watch
  mate-bench check run_0123456789abcdef0123 --approve --watch     with a token that may approve
`

export function define(command: Command): void {
  command
    .argument('<run>', "address of a published run's page, or its id")
    .addOption(
      new Option('--tier <name>', 'the tier to be earned').choices([...askable]).default('re-evaluated'),
    )
    .addOption(
      new Option('--url <url>', 'the site, where the run is named by its id')
        .env('MATE_BENCH_URL')
        .default('http://localhost:3000'),
    )
    .option('--token <token>', 'token with the scope submit (default: MATE_BENCH_TOKEN)')
    .option('--watch', 'wait until it ends, and print the verdict')
    .option('--approve', 'approve it at once; the token needs the scope approve')
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async (run: string, flags: Flags) => {
      const { requestCheck } = await import('../check/request-check.ts')
      await requestCheck(run, {
        tier: flags.tier,
        url: flags.url,
        token: flags.token ?? process.env.MATE_BENCH_TOKEN,
        watch: flags.watch ?? false,
        approve: flags.approve ?? false,
        json: flags.json ?? false,
      })
    })
}
