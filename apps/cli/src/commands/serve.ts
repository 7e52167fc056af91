import type { Command } from 'commander'
import { portOption } from '../command-options.ts'

interface Flags {
  readonly port: number
  readonly results: boolean
}

const examples = `
Builds the site where its sources changed, starts the embedded database where no other is set, and serves on this
machine alone. The embedded database, while it holds no run, gets the results that ship (bench-results). Ctrl-C stops all that was started; a database that others have connected to goes on.

Examples:
  mate-bench serve
  mate-bench serve --port 8080
  mate-bench serve --no-results        with what you published alone
  DATABASE_URL=postgres://... mate-bench serve
`

export function define(command: Command): void {
  command
    .addOption(portOption())
    .option('--no-results', 'leave an empty database without the results that ship')
    .addHelpText('after', examples)
    .action(async ({ port, results }: Flags) => {
      const { serveSite } = await import('../serve-site.ts')
      const { listenForStop } = await import('@mate-bench/worker')
      const say = (line: string) => process.stdout.write(`${line}\n`)
      const signals = listenForStop(() => say('Stopping the site.'))
      try {
        await serveSite({ port, results, stop: signals.stop, say })
      } finally {
        signals.close()
      }
    })
}
