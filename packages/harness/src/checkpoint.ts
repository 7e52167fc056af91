import { existsSync, readFileSync } from 'node:fs'
import { BenchError } from '@mate-bench/schema'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { writeFileAtomic } from './atomic-file.ts'
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from './safetensors.ts'

/** Everything besides tensors that a run needs to go on as if it had never stopped. */
export const trainingStateSchema = z.strictObject({
  runId: z.string(),
  specDigest: z.string(),
  seed: z.int(),
  startedAt: z.string(),
  /** The next step to do: epoch and step within it, both 0-based. */
  epoch: z.int().min(0),
  step: z.int().min(0),
  /** Sums of the epoch so far, by metric name. */
  sums: z.record(z.string(), z.number()),
  methodState: z.record(z.string(), z.number()),
  bestScore: z.number().nullable(),
  judgedEpoch: z.int().min(0),
  attention: z.array(z.array(z.number())).nullable(),
  wallSeconds: z.number(),
  trainSeconds: z.number(),
  resumptions: z.int(),
})

export type TrainingState = z.output<typeof trainingStateSchema>

export type VariableGroup = ReadonlyMap<string, tf.Variable>

/** Copies variables to typed arrays, under `group/name`. */
export function snapshot(groups: Readonly<Record<string, VariableGroup>>): Map<string, NamedTensor> {
  const tensors = new Map<string, NamedTensor>()
  for (const [group, variables] of Object.entries(groups)) {
    for (const [name, variable] of variables) {
      tensors.set(`${group}/${name}`, { shape: variable.shape, data: Float32Array.from(variable.dataSync()) })
    }
  }
  return tensors
}

/** Puts saved values back into variables of the same names and shapes. */
export function restore(
  tensors: ReadonlyMap<string, NamedTensor>,
  groups: Readonly<Record<string, VariableGroup>>,
  source: string,
): void {
  for (const [group, variables] of Object.entries(groups)) {
    for (const [name, variable] of variables) {
      const saved = tensors.get(`${group}/${name}`)
      if (!saved || saved.shape.join() !== variable.shape.join()) {
        throw new BenchError({
          code: 'bad-input',
          message: `The checkpoint has no "${group}/${name}" of shape [${variable.shape.join(', ')}].`,
          path: source,
          hint: 'It was written by another spec or version: delete the folder and start again.',
        })
      }
      tf.tidy(() => variable.assign(tf.tensor(saved.data, [...saved.shape], 'float32')))
    }
  }
}

export function saveCheckpoint(
  path: string,
  state: TrainingState,
  tensors: ReadonlyMap<string, NamedTensor>,
): void {
  writeFileAtomic(path, encodeSafetensors({ tensors, metadata: { state: JSON.stringify(state) } }))
}

/** The checkpoint at `path`, or undefined where there is none. */
export function loadCheckpoint(
  path: string,
): { state: TrainingState; tensors: ReadonlyMap<string, NamedTensor> } | undefined {
  if (!existsSync(path)) return undefined
  const { tensors, metadata } = decodeSafetensors(readFileSync(path), path)
  const state = trainingStateSchema.safeParse(JSON.parse(metadata.state ?? 'null'))
  if (!state.success) {
    throw new BenchError({
      code: 'bad-input',
      message: 'The checkpoint does not hold a training state of this version.',
      path,
      hint: 'Delete the folder and start again.',
    })
  }
  return { state: state.data, tensors }
}
