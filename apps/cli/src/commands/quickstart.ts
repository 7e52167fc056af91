import type { Command } from 'commander'
import {
  type BackendChoice,
  backendOption,
  defaultWorkers,
  outOption,
  wholeNumber,
} from '../command-options.ts'
import { createPainter } from '../format/paint.ts'

interface Flags {
  readonly out: string
  readonly backend: BackendChoice
  readonly workers?: number
  readonly report: string
}

const examples = `
Trains the specs in bench-specs/quickstart on a small data set that ships with MATE Bench, verifies the runs, prints
the table and writes a page. Goes on where it was interrupted; does nothing twice.

Examples:
  mate-bench quickstart
  mate-bench quickstart --out runs --report report.html --backend wasm
`

export function define(command: Command): void {
  command
    .addOption(outOption())
    .addOption(backendOption())
    .option('--workers <n>', 'runs at a time (default: one a core)', wholeNumber(1))
    .option('--report <file>', 'where the page goes', 'report.html')
    .addHelpText('after', examples)
    .action(async (flags: Flags) => {
      const { quickstart } = await import('../quickstart.ts')
      await quickstart(
        { ...flags, workers: (runs) => flags.workers ?? defaultWorkers(runs, flags.backend) },
        createPainter(process.stdout),
      )
    })
}
