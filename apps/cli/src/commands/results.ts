import type { Command } from 'commander'
import { jsonOption, seedList } from '../command-options.ts'

interface Flags {
  readonly from?: string
  readonly to?: string
  readonly weights: number[]
  readonly json?: true
}

const examples = `
The results that ship are in bench-results, one zip file per run: manifest, learning curves, log, and the class that each
exit predicted for each test image. Some have their weights too. The other files can be computed:
  mate-bench evaluate NAME     predictions, from the weights and the test images
  mate-bench reproduce NAME    everything, by training the run again

Examples:
  mate-bench results list                       which runs ship, with which files
  mate-bench results load                       into the database; \`serve\` does it for an empty one
  mate-bench results check                      every check of every run that needs no data
  mate-bench results pack runs                  pack finished run folders (all in runs)
  mate-bench results pack runs --weights 1,2,3  with the weights of seeds 1 to 3 (default: 1,2)
`

/** The work is in `results/`, loaded when a subcommand runs. */
export function define(command: Command): void {
  command.addHelpText('after', examples)
  const from = ['--from <dir>', 'folder of packed runs (default: bench-results)'] as const
  command
    .command('list')
    .description('list packed runs with their files')
    .option(...from)
    .addOption(jsonOption())
    .action(async ({ from, json }: Flags) =>
      (await import('../results/results-commands.ts')).listResults(from, json ?? false),
    )
  command
    .command('load')
    .description('write packed runs to the database; nothing is written twice')
    .option(...from)
    .action(async ({ from }: Flags) => (await import('../results/results-commands.ts')).loadShipped(from))
  command
    .command('check')
    .description('check packed runs, without data or network')
    .option(...from)
    .action(async ({ from }: Flags) => (await import('../results/results-commands.ts')).checkResults(from))
  command
    .command('pack')
    .argument('<run...>', 'run folders, or folders that hold run folders')
    .description('pack finished run folders; what is packed already stays')
    .option('--to <dir>', 'folder of packed runs (default: bench-results)')
    .option('--weights <seeds>', 'seeds whose weights are kept', seedList, [1, 2])
    .action(async (runs: string[], { to, weights }: Flags) =>
      (await import('../results/results-commands.ts')).packResults(runs, { to, weights }),
    )
}
