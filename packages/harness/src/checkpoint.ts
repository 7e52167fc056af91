import { BenchError, teacherSchema } from '@mate-bench/schema'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { environmentChangeSchema, environmentRecordSchema } from './environment-record.ts'
import type { StateTensor } from './optimizers/optimizer.ts'
import type { NamedTensor } from './safetensors.ts'

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
  wallSeconds: z.number().min(0),
  trainSeconds: z.number().min(0),
  resumptions: z.int().min(0),
  /** What `metrics.jsonl` has to hold: a row a finished epoch. The file may lose its end with the power. */
  metrics: z.array(z.looseObject({ epoch: z.int() })),
  /** What it was trained with last. */
  environment: environmentRecordSchema,
  /** The runs that teach it, as the manifest will name them; absent where none does. */
  teachers: z.array(teacherSchema).optional(),
  /** Where training went on with something else, as it was told to. */
  environmentChanges: z.array(environmentChangeSchema),
})

export type TrainingState = z.output<typeof trainingStateSchema>

/**
 * A run at one of its steps. Tensors are named `group/name`: `model`, `method`, `optimizer`, and under `best` the
 * weights of the epoch that would be judged now, where the spec's rule keeps them.
 */
export interface Checkpoint {
  readonly state: TrainingState
  readonly tensors: ReadonlyMap<string, NamedTensor>
}

export type VariableGroup = ReadonlyMap<string, tf.Variable | StateTensor>

/** Copies variables to typed arrays, under `group/name`. All are asked for at once: a GPU need not wait in between. */
export async function snapshot(
  groups: Readonly<Record<string, VariableGroup>>,
): Promise<Map<string, NamedTensor>> {
  const variables = Object.entries(groups).flatMap(([group, members]) =>
    [...members].map(([name, variable]) => [`${group}/${name}`, variable] as const),
  )
  const copies = variables.map(async ([name, variable]): Promise<[string, NamedTensor]> => {
    const { shape } = variable
    return [name, { shape, data: Float32Array.from(await variable.data()) }]
  })
  return new Map(await Promise.all(copies))
}

/**
 * Holds saved values to the names and shapes of variables.
 * @throws BenchError `bad-input`
 */
export function requireTensors(
  tensors: ReadonlyMap<string, NamedTensor>,
  groups: Readonly<Record<string, VariableGroup>>,
  source: string,
): void {
  for (const [group, variables] of Object.entries(groups)) {
    for (const [name, variable] of variables) {
      const saved = tensors.get(`${group}/${name}`)
      if (saved?.shape.join() === variable.shape.join()) continue
      throw new BenchError({
        code: 'bad-input',
        message: `The checkpoint has no "${group}/${name}" of shape [${variable.shape.join(', ')}]: ${source}`,
        path: source,
      })
    }
  }
}

/** Puts saved values back into variables of the same names and shapes. */
export function restore(
  tensors: ReadonlyMap<string, NamedTensor>,
  groups: Readonly<Record<string, VariableGroup>>,
): void {
  for (const [group, variables] of Object.entries(groups)) {
    for (const [name, variable] of variables) {
      const saved = tensors.get(`${group}/${name}`)
      if (!saved) throw new RangeError(`no ${group}/${name}`)
      if ('write' in variable) variable.write(Float32Array.from(saved.data))
      else tf.tidy(() => variable.assign(tf.tensor(saved.data, [...saved.shape], 'float32')))
    }
  }
}
