import type { Command } from 'commander'
import { portOption } from '../command-options.ts'

interface Flags {
  readonly port: number
  readonly results: boolean
}

const examples = `
Builds the site if its sources changed, starts the embedded database unless another one is set, and serves on this machine
only. An embedded database without runs gets the results that ship (bench-results). Ctrl-C stops everything that was
started, except a database that other programs use.

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
