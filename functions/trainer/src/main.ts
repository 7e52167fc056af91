import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type BackendName, backendNames } from '@mate-bench/backends'
import { cloudVariables, trainerExitCodes } from '@mate-bench/cloud'
import { benchErrorFromUnknown } from '@mate-bench/schema'
import { openArtifacts, openStore } from '@mate-bench/store'
import { listenForStop } from '@mate-bench/worker'
import { useProxyOfEnvironment } from '@mate-bench/worker/proxy'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { startDeadlines } from './deadlines.ts'
import { openObjectStore } from './object-store.ts'
import { isWorthAnotherTry, type TrainRunOptions, trainRun } from './train-run.ts'

interface Options {
  readonly run: string
  readonly backend: BackendName
  readonly work: string
  readonly data?: string
  readonly checkpointEverySteps?: number
}

/**
 * The training container's program.
 * @returns exit code: `trainerExitCodes`
 */
export async function main(args: readonly string[]): Promise<number> {
  const program = createProgram()
  try {
    program.parse(args, { from: 'user' })
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : trainerExitCodes.refused
    throw thrown
  }
  const options = program.opts<Options>()
  const say = (line: string) => console.log(`${new Date().toISOString()} ${line}`)
  const signals = listenForStop(() => say('stopping: saving the checkpoint'))
  const deadlines = startDeadlines({
    signals,
    attemptSeconds: Number(process.env[cloudVariables.attemptSeconds]) || undefined,
    say,
  })
  try {
    await useProxyOfEnvironment()
    const store = await openStore()
    try {
      return await trainRun({
        db: store.db,
        artifacts: await openArtifacts(),
        runId: options.run,
        job: batchJob(),
        backend: options.backend,
        work: resolve(options.work),
        dataFolder: options.data,
        checkpoints: openObjectStore(
          process.env.MATE_BENCH_CHECKPOINTS || join(resolve(options.work), 'checkpoints'),
        ),
        dataCache: process.env.MATE_BENCH_DATA_CACHE
          ? openObjectStore(process.env.MATE_BENCH_DATA_CACHE)
          : undefined,
        checkpointEverySteps: options.checkpointEverySteps,
        stop: deadlines.stop,
        kill: deadlines.kill,
        say,
      })
    } finally {
      await store.close()
    }
  } catch (thrown) {
    const error = benchErrorFromUnknown(thrown)
    say(error.hint === undefined ? error.message : `${error.message} ${error.hint}`)
    const { attempt } = batchJob() ?? { attempt: 1 }
    return isWorthAnotherTry(error, attempt) ? trainerExitCodes.tryAgain : trainerExitCodes.refused
  } finally {
    deadlines.close()
    signals.close()
  }
}

/** As AWS Batch says it to its containers. */
function batchJob(): TrainRunOptions['job'] {
  const { AWS_BATCH_JOB_ID: batchJobId, AWS_BATCH_JOB_ATTEMPT } = process.env
  return batchJobId ? { batchJobId, attempt: Number(AWS_BATCH_JOB_ATTEMPT) || 1 } : undefined
}

function createProgram(): Command {
  const { done, refused, noAccelerator, tryAgain } = trainerExitCodes
  return new Command('trainer')
    .description(
      'Trains a run of the cloud’s queue from its last checkpoint, and publishes it. This is what the training container runs; it runs anywhere with the same variables.',
    )
    .requiredOption('--run <id>', 'id of the run: run_ and 20 hex digits', parseRunId)
    .addOption(
      new Option('--backend <name>', 'what computes; a CPU has to be asked for by name')
        .choices(backendNames)
        .default('tensorflow-gpu')
        .env('MATE_BENCH_TRAINER_BACKEND'),
    )
    .addOption(
      new Option('--work <folder>', 'folder for the run while it trains')
        .default(join(tmpdir(), 'mate-bench-trainer'))
        .env('MATE_BENCH_TRAINER_WORK'),
    )
    .option('--data <folder>', 'folder of datasets (default: MATE_BENCH_DATA, or the user’s cache)')
    .addOption(
      new Option('--checkpoint-every-steps <n>', 'also save within an epoch')
        .argParser(parseSteps)
        .env('MATE_BENCH_CHECKPOINT_EVERY_STEPS'),
    )
    .addHelpText(
      'after',
      `
Variables:
  POSTGRES_URL or DATABASE_URL   the database that has the run
  MATE_BENCH_ARTIFACTS           s3://BUCKET/PREFIX or a folder, for what is published
  MATE_BENCH_CHECKPOINTS         s3://BUCKET/PREFIX or a folder, for checkpoints between machines
  MATE_BENCH_DATA_CACHE          s3://BUCKET/PREFIX or a folder, for datasets between machines
  MATE_BENCH_ATTEMPT_SECONDS     how long an attempt may take; it ends 300 s earlier, to be tried again
  AWS_BATCH_JOB_ID, AWS_BATCH_JOB_ATTEMPT   set by the service

Exit codes: ${done} done or cancelled, ${refused} refused (the same again would be), ${noAccelerator} no GPU, ${tryAgain} try again.

Examples:
  trainer --run run_0123456789abcdef0123
  npm run trainer -- --run run_0123456789abcdef0123 --backend wasm`,
    )
    .exitOverride()
}

function parseRunId(text: string): string {
  if (/^run_[0-9a-f]{20}$/.test(text)) return text
  throw new InvalidArgumentError('It is run_ and 20 hex digits.')
}

function parseSteps(text: string): number {
  const steps = Number(text)
  if (Number.isInteger(steps) && steps > 0) return steps
  throw new InvalidArgumentError('It is a whole number above 0.')
}
