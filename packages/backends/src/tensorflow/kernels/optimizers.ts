/**
 * Optimiser steps over all parameters at once. Parameters of one kind, with weight decay or without, are laid end to end,
 * so that a step is a handful of operations on long vectors instead of several a parameter.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Handle, Operations } from '../operations.ts'
import { Scratch } from './scratch.ts'

/** Computes new weights and states from vectors: `before` are the weights and then the states, `g` the gradients. */
type Step = (scratch: Scratch, before: readonly Handle[], g: Handle, decayed: boolean) => Handle[]

/** Lays tensors end to end: [N]. */
function joined(operations: Operations, scratch: Scratch, tensors: readonly tf.TensorInfo[]): Handle {
  const vector = operations.handles([operations.ints([-1])])
  const parts = operations
    .handles(tensors)
    .map((handle, i) =>
      tensors[i]?.shape.length === 1 ? handle : scratch.run('Reshape', [handle, ...vector]),
    )
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const [axis = 0] = operations.handles([operations.ints([0], [])])
  return scratch.run(
    'ConcatV2',
    [...parts, axis],
    [operations.int('N', parts.length), operations.type('T', 'float32'), operations.type('Tidx', 'int32')],
  )
}

/** Cuts a vector into tensors of the shapes of `like`. */
function parted(
  operations: Operations,
  scratch: Scratch,
  vector: Handle,
  like: readonly tf.TensorInfo[],
): tf.Tensor[] {
  const sizes = operations.ints(like.map(({ shape }) => tf.util.sizeFromShape(shape)))
  const [sizesHandle = 0, axis = 0] = operations.handles([sizes, operations.ints([0], [])])
  const parts = scratch.many(
    'SplitV',
    [vector, sizesHandle, axis],
    [operations.int('num_split', like.length)],
    like.length,
  )
  return parts.map((part, i) => {
    const shape = like[i]?.shape ?? []
    if (shape.length === 1) return scratch.tensor(part)
    return scratch.tensor(scratch.one('Reshape', [part.id, ...operations.handles([operations.ints(shape)])]))
  })
}

/**
 * A kernel whose inputs are, one after the other, n weights, n of each of `states` states and n gradients, and whose
 * outputs are the new weights and states in the same order. `attrs.decays` says which parameters have weight decay.
 */
function flatUpdate(operations: Operations, states: number, step: (attrs: tf.NamedAttrMap) => Step) {
  return (({ inputs, attrs = {} }) => {
    const decays = attrs.decays as readonly boolean[]
    const count = decays.length
    const tensors = Object.values(inputs) as tf.TensorInfo[]
    const compute = step(attrs)
    const outputs: tf.Tensor[] = []
    for (const decayed of [true, false]) {
      const members = decays.flatMap((one, i) => (one === decayed ? [i] : []))
      if (members.length === 0) continue
      const group = (which: number) => members.map((i) => tensors[which * count + i] as tf.TensorInfo)
      Scratch.with(operations, (scratch) => {
        const before = Array.from({ length: 1 + states }, (_, which) =>
          joined(operations, scratch, group(which)),
        )
        const after = compute(scratch, before, joined(operations, scratch, group(1 + states)), decayed)
        after.forEach((vector, which) => {
          parted(operations, scratch, vector, group(which)).forEach((tensor, i) => {
            outputs[which * count + (members[i] ?? 0)] = tensor
          })
        })
      })
    }
    return outputs
  }) satisfies tf.KernelFunc
}

/** g + weightDecay * w. */
function withDecay(scratch: Scratch, g: Handle, w: Handle | undefined, weightDecay: number): Handle {
  if (w === undefined || weightDecay === 0) return g
  return scratch.run('AddV2', [g, scratch.run('Mul', [w, scratch.scalar(weightDecay)])])
}

/** SgdUpdate: weights, velocities and gradients, {decays, learningRate, momentum, nesterov, weightDecay}. */
export function sgdUpdate(operations: Operations): tf.KernelFunc {
  return flatUpdate(operations, 1, (attrs) => (scratch, [w = 0, v = 0], gradient, decayed) => {
    const momentum = scratch.scalar(Number(attrs.momentum))
    const g = withDecay(scratch, gradient, decayed ? w : undefined, Number(attrs.weightDecay))
    const velocity = scratch.run('AddV2', [scratch.run('Mul', [v, momentum]), g])
    const direction = attrs.nesterov
      ? scratch.run('AddV2', [g, scratch.run('Mul', [velocity, momentum])])
      : velocity
    const moved = scratch.run('Mul', [direction, scratch.scalar(Number(attrs.learningRate))])
    return [scratch.run('Sub', [w, moved]), velocity]
  })
}

/** AdamUpdate: weights, first and second moments and gradients, {decays, rate, floor, beta1, beta2, weightDecay}. */
export function adamUpdate(operations: Operations): tf.KernelFunc {
  return flatUpdate(operations, 2, (attrs) => (scratch, [w = 0, m = 0, v = 0], gradient, decayed) => {
    const { beta1, beta2, rate, floor } = attrs as Record<string, number>
    const scaled = (x: Handle, factor = 1) => scratch.run('Mul', [x, scratch.scalar(factor)])
    const g = withDecay(scratch, gradient, decayed ? w : undefined, Number(attrs.weightDecay))
    const first = scratch.run('AddV2', [scaled(m, beta1), scaled(g, 1 - (beta1 ?? 0))])
    const square = scratch.run('Square', [g])
    const second = scratch.run('AddV2', [scaled(v, beta2), scaled(square, 1 - (beta2 ?? 0))])
    const root = scratch.run('AddV2', [scratch.run('Sqrt', [second]), scratch.scalar(floor ?? 0)])
    const moved = scaled(scratch.run('RealDiv', [first, root]), rate)
    return [scratch.run('Sub', [w, moved]), first, second]
  })
}
