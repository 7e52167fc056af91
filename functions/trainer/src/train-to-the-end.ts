import { defaultDataFolder, describeDataset, preparePictures } from '@mate-bench/datasets'
import { runPool } from '@mate-bench/harness/pool'
import { runFolderPath } from '@mate-bench/harness/run-folder'
import type { Spec } from '@mate-bench/harness/spec'
import { BenchError, benchErrorFromUnknown } from '@mate-bench/schema'
import { bringTeachers, formatEventLine, type ProgressBoard, withoutPaths } from '@mate-bench/worker'
import { bringData } from './data-cache.ts'
import { CheckpointSender, type RemoteCheckpoint } from './remote-checkpoint.ts'
import type { TrainRunOptions } from './train-run.ts'

export interface Work {
  readonly spec: Spec
  readonly seed: number
  readonly out: string
  readonly checkpoint: RemoteCheckpoint
  readonly board: ProgressBoard
  readonly signal: AbortSignal
  /** Whether another attempt has the run. */
  readonly isLost: () => boolean
}

/**
 * Brings the data and the last checkpoint, and trains from there.
 *
 * @returns the folder of the finished run
 * @throws BenchError where there is none; `interrupted` once `signal` fires
 */
export async function trainToTheEnd(
  options: TrainRunOptions,
  { spec, seed, out, checkpoint, board, signal, isLost }: Work,
): Promise<string> {
  const { runId, say } = options
  const dataFolder = options.dataFolder ?? defaultDataFolder()
  const dataset = describeDataset(spec.dataset)
  await bringData(dataset, { dataFolder, cache: options.dataCache, signal, say })
  if ('pictures' in dataset) {
    say(`${dataset.name}: decoding and packing pictures`)
    await preparePictures(dataset, { dataFolder, signal })
  }
  const taught = { spec, seed, out }
  for (const id of await bringTeachers(options.db, options.artifacts, taught)) say(`it learns from ${id}`)
  const partial = `${runFolderPath(out, spec, seed)}.partial`
  const found = await checkpoint.restore(partial)
  if (found === 'damaged') say('the checkpoint is damaged: training starts anew')
  if (found === 'restored') say(`checkpoint from ${options.checkpoints.where}`)
  const sender = new CheckpointSender(
    () => checkpoint.save(partial),
    (thrown) => say(`checkpoint not sent: ${benchErrorFromUnknown(thrown).message}`),
  )
  const [result] = await runPool(
    [
      {
        label: `seed ${seed}`,
        spec,
        seed,
        runId,
        out,
        backend: options.backend,
        dataFolder,
        checkpointEverySteps: options.checkpointEverySteps,
        resume: true,
        // The next machine may have another GPU, and the next image other code: the manifest says so.
        allowDifferentEnvironment: true,
        stepIntervalMilliseconds: 1000,
      },
    ],
    {
      workers: 1,
      signal,
      kill: options.kill,
      onEvent: (_, event) => {
        board.event(seed, event)
        // Whoever has the run now keeps its checkpoints in the same place.
        if (event.type === 'checkpoint' && !isLost()) sender.request()
        const line = formatEventLine(`seed ${seed}`, event)
        if (line !== undefined) say(withoutPaths(line))
      },
    },
  )
  await sender.settled()
  if (result?.folder) return result.folder
  throw result?.error ?? new BenchError({ code: 'internal', message: 'The run gave no result.' })
}
