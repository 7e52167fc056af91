import type { Command } from 'commander'
import { jsonOption } from '../command-options.ts'

const examples = `
An engine is a native library that a backend computes with, kept outside node_modules in the engines folder
(MATE_BENCH_ENGINES, else engines in MATE_BENCH_DATA, else ~/.cache/mate-bench/engines). Its files come from the package
index that pip is configured with and from npm's registry, each held to a pinned hash. It is tried with a few training
steps before it is switched on; an installation that fails or is interrupted changes nothing.

Examples:
  mate-bench engine list
  mate-bench engine add onednn                         39 MB to download; for the backend native
  mate-bench engine add tensorflow                     230 MB to download, a C++ compiler is needed
  mate-bench engine add tensorflow-gpu                 2.1 GB, for a machine with an NVIDIA GPU
  mate-bench engine add webgpu                         54 MB, for the GPU of a laptop; nothing is compiled
  mate-bench engine add tensorflow --from ~/Downloads  on a machine that reaches no index
  mate-bench engine where tensorflow
  mate-bench engine remove tensorflow
`

interface AddFlags {
  readonly from?: string
  readonly check: boolean
}

/** The work is in `engine/`, loaded when a subcommand runs. */
export function define(command: Command): void {
  command.addHelpText('after', examples)
  command
    .command('list')
    .description('list engines: which exist for this platform, which are installed')
    .addOption(jsonOption())
    .action(async (flags: { readonly json?: true }) => {
      const { listEngines } = await import('../engine/list-engines.ts')
      listEngines(flags.json ?? false)
    })
  command
    .command('add')
    .description('download, verify, build, test and switch on an engine; resumes an interrupted download')
    .argument('<name>', 'engine')
    .option('--from <dir>', 'folder with the pinned files, searched before any index')
    .option('--no-check', 'switch on without test training steps, such as in an image build without a GPU')
    .action(async (name: string, flags: AddFlags) => {
      const { addEngine } = await import('../engine/add-engine.ts')
      await addEngine(name, flags)
    })
  command
    .command('remove')
    .description('switch off an engine and delete it')
    .argument('<name>', 'engine')
    .action(async (name: string) => {
      const { dropEngine } = await import('../engine/drop-engine.ts')
      await dropEngine(name)
    })
  command
    .command('where')
    .description('print the folder of an engine, or of all')
    .argument('[name]', 'engine')
    .action(async (name: string | undefined) => {
      const { whereEngine } = await import('../engine/where-engine.ts')
      whereEngine(name)
    })
}
