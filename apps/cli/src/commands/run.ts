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
does not stop the others. A run that is complete is left as it is, also where the spec lists other seeds by now.
Where a method learns from a teacher, the teacher's runs of the same seeds are trained first, as far as they are missing.
Ctrl-C lets each run finish its step and save, for a minute at most; the command that goes on from there is printed.

Exit code: 0 when all runs are complete, 1 when any failed, 2 for bad input, 130 when interrupted.

Examples:
  mate-bench run bench-specs/quickstart/joint.json bench-specs/quickstart/mate.json
  mate-bench run SPEC --seeds 1 --workers 1           one of the spec's seeds
  mate-bench run SPEC --resume                        go on from the last checkpoint
  mate-bench run SPEC --backend tensorflow-gpu --checkpoint-steps 500
  mate-bench run SPEC --backend tensorflow --threads 2 --workers 1     one large network on two cores
  mate-bench run SPEC --ledger https://bench.example.org      shows later that no run was left out
  mate-bench run SPEC --json > progress.jsonl         events for a machine, one a line
`

export function define(command: Command): void {
  addSettingsOptions(command)
    .argument('<spec...>', 'spec files')
    .option('--seeds <list>', "which of the spec's seeds, such as 1,2 or 1-5 (default: all)", seedList)
    .addOption(backendOption())
    .addOption(new Option('--workers <n>', 'runs at a time (default: one a core)').argParser(wholeNumber(1)))
    .addOption(outOption())
    .option('--resume', 'go on with unfinished runs from their last checkpoint')
    .option(
      '--allow-different-environment',
      'with --resume: go on with another backend, Node or code than before; the manifest records it',
    )
    .addOption(dataOption())
    .option('--checkpoint-steps <n>', 'save every so many steps too, besides each epoch', wholeNumber(1))
    .addOption(
      new Option(
        '--ledger <url>',
        'site whose ledger is told of each run before it trains; needs MATE_BENCH_TOKEN',
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
