import type { Command } from 'commander'
import { dataOption, jsonOption } from '../command-options.ts'

const examples = `
Examples:
  mate-bench data list
  mate-bench data fetch cifar100                        download, verify, keep
  mate-bench data add cifar100 --from ~/Downloads       take files that are here already
  mate-bench data verify cifar100

Behind a proxy: HTTPS_PROXY and HTTP_PROXY are followed, but for the hosts of NO_PROXY.
`

interface Flags {
  readonly data?: string
  readonly json?: true
}

/** The work is in `data-files.ts`, loaded when a subcommand runs. */
export function define(command: Command): void {
  command.addHelpText('after', examples)
  command
    .command('list')
    .description('datasets, and which are here')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (flags: Flags) => {
      const { listDatasets } = await import('../data-files.ts')
      await listDatasets(flags.data, flags.json ?? false)
    })
  command
    .command('fetch')
    .description('download a dataset; goes on where an earlier download stopped')
    .argument('<name>', 'dataset')
    .addOption(dataOption())
    .action(async (name: string, flags: Flags) => {
      const { fetchFiles } = await import('../data-files.ts')
      await fetchFiles(name, flags.data)
    })
  command
    .command('add')
    .description('copy a dataset from a folder, verified')
    .argument('<name>', 'dataset')
    .requiredOption('--from <dir>', 'folder with the published files')
    .addOption(dataOption())
    .action(async (name: string, flags: Flags & { readonly from: string }) => {
      const { addFiles } = await import('../data-files.ts')
      await addFiles(name, flags.from, flags.data)
    })
  command
    .command('verify')
    .description('hold every file to its published checksum')
    .argument('<name>', 'dataset')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (name: string, flags: Flags) => {
      const { verifyFiles } = await import('../data-files.ts')
      await verifyFiles(name, flags.data, flags.json ?? false)
    })
}
