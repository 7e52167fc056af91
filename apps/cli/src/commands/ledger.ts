import { type Command, InvalidArgumentError, Option } from 'commander'
import { jsonOption } from '../command-options.ts'

interface Flags {
  readonly url: string
  readonly json?: true
}

interface ShowFlags extends Flags {
  readonly spec?: string
}

interface WithdrawFlags extends Flags {
  readonly reason: string
}

const examples = `
A site's ledger records every run that was started, and what became of it: finished, failed or withdrawn. Its events are
the leaves of a Merkle tree (RFC 9162), so that none can be changed or removed unnoticed.

check fetches the signed head and every event, computes the tree again, and proves that it extends the head that you saw
last, which is kept in your configuration folder. With run folders it checks their registrations too.
The exit code is 1 when any check fails.

Examples:
  mate-bench ledger check --url https://bench.example.org
  mate-bench ledger check runs --url https://bench.example.org       and the registrations of these runs
  mate-bench ledger show --url https://bench.example.org             the latest events
  mate-bench ledger show run_0123456789abcdef0123
  mate-bench ledger show --spec bench-specs/quickstart/mate.json     every run of a spec that was ever started
  mate-bench ledger withdraw run_0123456789abcdef0123 --reason "trained on the wrong labels"
`

function runId(text: string): string {
  if (/^run_[0-9a-f]{20}$/.test(text)) return text
  throw new InvalidArgumentError('A run is run_ and 20 hex digits, as its page and manifest have it.')
}

const urlOption = () =>
  new Option('--url <url>', 'the site').env('MATE_BENCH_URL').default('http://localhost:3000')

/** The work is in `ledger/`, loaded when a subcommand runs. */
export function define(command: Command): void {
  command.addHelpText('after', examples)
  command
    .command('check')
    .description('recompute the tree, and compare it with what you saw before')
    .argument('[run...]', 'run folders, or folders that hold run folders')
    .addOption(urlOption())
    .addOption(jsonOption())
    .action(async (paths: string[], { url, json }: Flags) => {
      const { sayCheck } = await import('../ledger/check-ledger.ts')
      await sayCheck(paths, { url, json: json ?? false })
    })
  command
    .command('show')
    .description('events of a run, of a spec, or the latest')
    .argument('[run]', 'run_ and 20 hex digits', runId)
    .option('--spec <file>', 'of every run of this spec, whatever it is called there')
    .addOption(urlOption())
    .addOption(jsonOption())
    .action(async (run: string | undefined, { url, json, spec }: ShowFlags) => {
      const { sayEvents } = await import('../ledger/show-ledger.ts')
      await sayEvents({ url, run, spec, json: json ?? false })
    })
  command
    .command('withdraw')
    .description('withdraw a run: it counts nowhere, and its tombstone stays (MATE_BENCH_TOKEN, scope admin)')
    .argument('<run>', 'run_ and 20 hex digits', runId)
    .requiredOption('--reason <text>', 'why; shown on its page for good')
    .addOption(urlOption())
    .addOption(jsonOption())
    .action(async (run: string, { url, json, reason }: WithdrawFlags) => {
      const { withdraw } = await import('../ledger/show-ledger.ts')
      await withdraw({ url, run, reason, json: json ?? false })
    })
}
