import type { Command } from 'commander'
import { jsonOption } from '../command-options.ts'

const examples = `
For the operator of a deployment (docs/deploy.md). Variables:
  DATABASE_URL or POSTGRES_URL                             the deployment's database
  AWS_PROFILE or AWS_ACCESS_KEY_ID..., AWS_REGION          credentials, for logs and cancel
  MATE_BENCH_LOG_GROUP                                     an output of \`npx sst deploy\`, for logs

Examples:
  mate-bench cloud status
  mate-bench cloud status sub_0123456789abcdef0123 --json
  mate-bench cloud logs run_0123456789abcdef0123 --follow
  mate-bench cloud cancel run_0123456789abcdef0123
  mate-bench cloud cancel sub_0123456789abcdef0123
  mate-bench cloud retry run_0123456789abcdef0123
`

export function define(command: Command): void {
  command.addHelpText('after', examples)
  command
    .command('status')
    .summary('jobs and their state')
    .description(
      'Shows jobs and their state: those running and the most recent ones, or those of one submission or run.',
    )
    .argument('[id]', 'submission (sub_...) or run (run_...)')
    .addOption(jsonOption())
    .action(async (id: string | undefined, flags: { json?: true }) => {
      const { showStatus } = await import('../cloud/status.ts')
      await showStatus(id, flags.json ?? false)
    })
  command
    .command('logs')
    .summary('log of a run’s container')
    .description('Prints the log of a run’s container: its latest attempt, from the start.')
    .argument('<run>', 'run (run_...)')
    .option('--follow', 'stay until the run has ended')
    .action(async (run: string, flags: { follow?: true }) => {
      const { showLogs } = await import('../cloud/logs.ts')
      await showLogs(run, { follow: flags.follow ?? false })
    })
  command
    .command('cancel')
    .summary('end a run, or all of a submission')
    .description(
      'Ends a run, or all runs of a submission: waiting ones at once, running ones after they have saved.',
    )
    .argument('<id>', 'submission (sub_...) or run (run_...)')
    .addOption(jsonOption())
    .action(async (id: string, flags: { json?: true }) => {
      const { cancel } = await import('../cloud/cancel.ts')
      await cancel(id, flags.json ?? false)
    })
  command
    .command('retry')
    .summary('train a run again that failed')
    .description(
      'Trains a failed run again from its last checkpoint. The launch function picks it up within five minutes.',
    )
    .argument('<run>', 'run (run_...)')
    .action(async (run: string) => {
      const { retry } = await import('../cloud/retry.ts')
      await retry(run)
    })
}
