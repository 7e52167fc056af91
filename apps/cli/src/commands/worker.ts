import { type Command, Option } from 'commander'
import {
  addSettingsOptions,
  type BackendChoice,
  backendOption,
  dataOption,
  label,
  type SettingsFlags,
  settingsOf,
  wholeNumber,
} from '../command-options.ts'

interface Flags extends SettingsFlags {
  readonly once?: true
  readonly name?: string
  readonly concurrency: number
  readonly backend: BackendChoice
  readonly data?: string
  readonly runs: string
  readonly checkpointSteps?: number
  readonly lease: number
}

const examples = `
Takes approved submissions from the queue in Postgres, trains each run in a process of its own, checks it and
publishes it. Any number of workers may run; each submission is trained by one. A worker that is asked to stop saves its
runs and hands them back; one that dies loses its lease. Either way the next worker with the same --runs folder resumes
from the last checkpoint. Submissions show the worker's name: --name and a random ending, never the host.

Database: DATABASE_URL, else POSTGRES_URL, else the embedded server (mate-bench db where). Behind a pooler set
DATABASE_URL_UNPOOLED too.
Files: MATE_BENCH_ARTIFACTS (a folder, or s3://BUCKET/PREFIX), else the folder that \`mate-bench db where\` shows.

Examples:
  mate-bench worker                            work until stopped
  mate-bench worker --once                     train what waits, then end
  mate-bench worker --backend tensorflow-gpu --checkpoint-steps 500
`

export function define(command: Command): void {
  addSettingsOptions(command)
    .option('--once', 'end when the queue is empty')
    .addOption(new Option('--name <text>', 'name that submissions show in public').argParser(label))
    .addOption(new Option('--concurrency <n>', 'submissions at a time').argParser(wholeNumber(1)).default(1))
    .addOption(backendOption())
    .addOption(dataOption())
    .addOption(new Option('--runs <dir>', 'folder for the runs of submissions').default('submissions'))
    .option(
      '--checkpoint-steps <n>',
      'save a checkpoint every n steps, besides the one after each epoch',
      wholeNumber(1),
    )
    .addOption(
      new Option('--lease <seconds>', 'seconds without a renewed lease after which a worker counts as lost')
        .argParser(wholeNumber(2))
        .default(30),
    )
    .addHelpText('after', examples)
    .action(async (flags: Flags) => {
      const { runWorker } = await import('../worker/run-worker.ts')
      await runWorker({
        once: flags.once ?? false,
        name: flags.name,
        concurrency: flags.concurrency,
        backend: flags.backend,
        settings: settingsOf(flags),
        dataFolder: flags.data,
        runs: flags.runs,
        checkpointEverySteps: flags.checkpointSteps,
        leaseSeconds: flags.lease,
        say: (line) => process.stdout.write(`${line}\n`),
      })
    })
}
