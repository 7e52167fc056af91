import { type Command, InvalidArgumentError, Option } from 'commander'
import { dataOption, jsonOption, wholeNumber } from '../command-options.ts'

const examples = `
Examples:
  mate-bench data list
  mate-bench data fetch cifar100                        download, verify, keep
  mate-bench data add cifar100 --from ~/Downloads       use files that were downloaded already
  mate-bench data verify cifar100
  mate-bench data add tiny-imagenet --from tiny-imagenet-200.zip
  mate-bench data prepare tiny-imagenet --size 32       decode and resize once, before the first run
  mate-bench data add image-folder --from photos        pictures of your own, in train/CLASS and test/CLASS
  mate-bench data add image-folder --from photos.zip --test-share 0.2

Behind a proxy: HTTPS_PROXY and HTTP_PROXY are used, except for the hosts in NO_PROXY.
`

interface Flags {
  readonly data?: string
  readonly json?: true
}

interface AddFlags extends Flags {
  readonly from: string
  readonly size?: number
  readonly testShare?: number
  readonly splitSeed?: number
}

/** The work is in `data-files.ts`, loaded when a subcommand runs. */
export function define(command: Command): void {
  command.addHelpText('after', examples)
  command
    .command('list')
    .description('list datasets, and which are on this machine')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (flags: Flags) => {
      const { listDatasets } = await import('../data-files.ts')
      await listDatasets(flags.data, flags.json ?? false)
    })
  command
    .command('fetch')
    .description('download a dataset; resumes an interrupted download')
    .argument('<name>', 'dataset')
    .addOption(dataOption())
    .action(async (name: string, flags: Flags) => {
      const { fetchFiles } = await import('../data-files.ts')
      await fetchFiles(name, flags.data)
    })
  command
    .command('add')
    .description('add a dataset from local files, verified')
    .argument('<name>', 'dataset')
    .requiredOption(
      '--from <path>',
      'folder with the published files, or such a file; folder or archive of your own pictures',
    )
    .addOption(sizeOption())
    .option('--test-share <share>', 'image-folder: share of each class to draw as test split', toShare)
    .option('--split-seed <n>', 'image-folder: seed that draws it (default: 0)', wholeNumber(0, 0xffffffff))
    .addOption(dataOption())
    .action(async (name: string, { data, from, ...flags }: AddFlags) => {
      const { addFiles } = await import('../data-files.ts')
      await addFiles(name, { from, dataFolder: data, ...flags })
    })
  command
    .command('prepare')
    .description('decode and resize the pictures of a dataset, as its first run would')
    .argument('<name>', 'dataset')
    .addOption(sizeOption())
    .addOption(dataOption())
    .action(async (name: string, flags: Flags & { readonly size?: number }) => {
      const { prepareFiles } = await import('../data-files.ts')
      await prepareFiles(name, flags.data, flags.size)
    })
  command
    .command('verify')
    .description('check every file against its published checksum')
    .argument('<name>', 'dataset')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (name: string, flags: Flags) => {
      const { verifyFiles } = await import('../data-files.ts')
      await verifyFiles(name, flags.data, flags.json ?? false)
    })
}

function sizeOption(): Option {
  return new Option('--size <pixels>', 'height and width that networks will see').argParser(
    wholeNumber(1, 1024),
  )
}

function toShare(text: string): number {
  const share = Number(text)
  if (share > 0 && share < 1) return share
  throw new InvalidArgumentError('It must be between 0 and 1.')
}
