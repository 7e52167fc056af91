import { type Command, Option } from 'commander'
import { jsonOption } from '../command-options.ts'

interface Flags {
  readonly url: string
  readonly token?: string
  readonly watch?: true
  readonly approve?: true
  readonly json?: true
}

const examples = `
The spec is checked here first, as \`mate-bench plan\` does. A submission waits until somebody with the scope approve
lets it be trained. Prefer MATE_BENCH_TOKEN to --token: other users of a machine can see command lines.

Exit code: 0 when it was accepted (with --watch: when it finished), 1 when it failed, was rejected or cancelled,
2 for bad input.

Examples:
  export MATE_BENCH_TOKEN=mb_...
  mate-bench submit bench-specs/quickstart/mate.json --url https://bench.example.org
  mate-bench submit SPEC --url http://localhost:3000 --watch
  mate-bench submit SPEC --url http://localhost:3000 --approve --watch    with a token that may approve
`

export function define(command: Command): void {
  command
    .argument('<spec>', 'spec file')
    .addOption(new Option('--url <url>', 'the site').env('MATE_BENCH_URL').default('http://localhost:3000'))
    .option('--token <token>', 'token with the scope submit (default: MATE_BENCH_TOKEN)')
    .option('--watch', 'wait and report progress until it ends')
    .option('--approve', 'approve it at once; the token needs the scope approve')
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async (path: string, flags: Flags) => {
      const { submitSpec } = await import('../submit/submit-spec.ts')
      await submitSpec(path, {
        url: flags.url,
        token: flags.token ?? process.env.MATE_BENCH_TOKEN,
        watch: flags.watch ?? false,
        approve: flags.approve ?? false,
        json: flags.json ?? false,
      })
    })
}
