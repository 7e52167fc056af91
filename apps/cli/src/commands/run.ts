import { type Command, Option } from 'commander'
import {
  addSettingsOptions,
  type BackendChoice,
  backendOption,
  dataOption,
  jsonOption,
  outOption,
  type SettingsFlags,
  seedList,
  settingsOf,
  wholeNumber,
} from '../command-options.ts'

interface Flags extends SettingsFlags {
  readonly seeds?: number[]
  readonly backend: BackendChoice
  readonly workers?: number
  readonly out: string
  readonly resume?: true
  readonly allowDifferentEnvironment?: true
  readonly data?: string
  readonly checkpointSteps?: number
  readonly ledger?: string
  readonly json?: true
}

const examples = `
Each pair of spec and seed is a run with a folder of its own. Runs go to a pool of processes; one that fails
does not stop the others. A complete run is left as it is, even if the spec lists other seeds by now.
If a method learns from a teacher, the teacher's missing runs with the same seeds are trained first.
On Ctrl-C each run finishes its step and saves, within a minute at most; the command that resumes them is printed.

Exit code: 0 when all runs are complete, 1 when any failed, 2 for bad input, 130 when interrupted.

Examples:
  mate-bench run bench-specs/quickstart/joint.json bench-specs/quickstart/mate.json
  mate-bench run SPEC --seeds 1 --workers 1           one of the spec's seeds
  mate-bench run SPEC --resume                        resume from the last checkpoint
  mate-bench run SPEC --backend tensorflow-gpu --checkpoint-steps 500
  mate-bench run SPEC --backend tensorflow --threads 2 --workers 1     one large network on two cores
  mate-bench run SPEC --ledger https://bench.example.org      shows later that no run was left out
  mate-bench run SPEC --json > progress.jsonl         one event per line, for programs
`

export function define(command: Command): void {
  addSettingsOptions(command)
    .argument('<spec...>', 'spec files')
    .option('--seeds <list>', "which of the spec's seeds, such as 1,2 or 1-5 (default: all)", seedList)
    .addOption(backendOption())
    .addOption(new Option('--workers <n>', 'runs at a time (default: one a core)').argParser(wholeNumber(1)))
    .addOption(outOption())
    .option('--resume', 'resume unfinished runs from their last checkpoint')
    .option(
      '--allow-different-environment',
      'with --resume: allow another backend, Node or code than before; the manifest records it',
    )
    .addOption(dataOption())
    .option(
      '--checkpoint-steps <n>',
      'save a checkpoint every n steps, besides the one after each epoch',
      wholeNumber(1),
    )
    .addOption(
      new Option(
        '--ledger <url>',
        'site in whose ledger each run is registered before it trains; needs MATE_BENCH_TOKEN',
      ).env('MATE_BENCH_LEDGER'),
    )
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async (paths: string[], flags: Flags) => {
      const { runSpecs } = await import('../run-specs.ts')
      const { readSpec } = await import('@mate-bench/harness/read-spec')
      const { chooseSeeds } = await import('../choose-seeds.ts')
      const specs = paths.map((path) => {
        const spec = readSpec(path)
        return { spec, seeds: chooseSeeds(spec, flags.seeds) }
      })
      const { trained } = await runSpecs(specs, {
        out: flags.out,
        backend: flags.backend,
        settings: settingsOf(flags),
        dataFolder: flags.data,
        resume: flags.resume ?? false,
        allowDifferentEnvironment: flags.allowDifferentEnvironment ?? false,
        keepTrained: true,
        checkpointEverySteps: flags.checkpointSteps,
        workers: flags.workers,
        ledger: flags.ledger === undefined ? undefined : { url: flags.ledger },
        json: flags.json ?? false,
      })
      if (flags.json || trained.folders.length === 0) return
      const { writeTerminalReport } = await import('../report/terminal-report.ts')
      await writeTerminalReport(trained.folders, process.stdout)
    })
}
