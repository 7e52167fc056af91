import type { Command } from 'commander'
import { type BackendChoice, backendOption, outOption, portOption, wholeNumber } from '../command-options.ts'
import { createPainter } from '../format/paint.ts'

interface Flags {
  readonly out: string
  readonly backend: BackendChoice
  readonly workers?: number
  readonly report: string
  readonly port: number
  readonly serve?: boolean
  readonly results: boolean
}

const examples = `
Trains the specs in bench-specs/quickstart on a small data set that ships with MATE Bench, verifies the runs, prints
the table and writes a page. Then publishes them to the database beside the numbers of papers and, on a terminal,
serves the site. After an interruption give the command again: finished work is kept. The table in the README was trained
with the backend wasm, which runs everywhere and gives the same digits everywhere; other backends differ in the last ones.

Examples:
  mate-bench quickstart
  mate-bench quickstart --no-serve          end with the table
  mate-bench quickstart --out runs --report report.html --backend tensorflow
`

export function define(command: Command): void {
  command
    .addOption(outOption())
    .addOption(backendOption().default('wasm'))
    .option('--workers <n>', 'runs at a time (default: one a core)', wholeNumber(1))
    .option('--report <file>', 'file of the HTML page', 'report.html')
    .addOption(portOption())
    .option('--serve', 'serve the site at the end (default: on a terminal)')
    .option('--no-serve', 'end after publishing')
    .option('--no-results', 'leave an empty database without the results that ship')
    .addHelpText('after', examples)
    .action(async (flags: Flags) => {
      const { quickstart } = await import('../quickstart.ts')
      await quickstart(
        {
          ...flags,
          serve: flags.serve ?? process.stdout.isTTY === true,
          workers: flags.workers,
        },
        createPainter(process.stdout),
      )
    })
}
