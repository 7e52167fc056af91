import type * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'

/** Channels of pixels that stand `stride` apart, the first of them at `offset`. */
interface Channels {
  readonly values: Float32Array
  readonly stride: number
  readonly offset: number
}

/** Copies `width` channels of each pixel. Plain loops: `set` of a view costs more than a pixel of few channels. */
function copyChannels(from: Channels, to: Channels, width: number): void {
  const { values: source } = from
  const { values: target } = to
  const pixels = Math.min(source.length / from.stride, target.length / to.stride)
  let read = from.offset
  let write = to.offset
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < width; c++) target[write + c] = source[read + c] as number
    read += from.stride
    write += to.stride
  }
}

function lastAxis(tensor: tf.TensorInfo): number {
  return tensor.shape.at(-1) ?? 1
}

function lift(heap: Heap, tensor: tf.TensorInfo, group: number, groups: number): tf.TensorInfo {
  const stride = lastAxis(tensor)
  const width = stride / groups
  const part = heap.allocate([...tensor.shape.slice(0, -1), width])
  copyChannels(
    { values: heap.values(tensor), stride, offset: group * width },
    { values: heap.values(part), stride: width, offset: 0 },
    width,
  )
  return part
}

/**
 * Runs a dense kernel on each group by itself: the group's share of every input's last axis is lifted out, and what the
 * kernel gives becomes the group's share of the output's.
 */
export function groupByGroup(
  heap: Heap,
  groups: number,
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  outShape: number[],
  dense: (parts: tf.NamedTensorInfoMap) => tf.TensorInfo,
): tf.TensorInfo {
  const out = heap.allocate(outShape)
  const stride = lastAxis(out)
  for (let group = 0; group < groups; group++) {
    const parts = Object.entries(inputs).map(
      ([name, tensor]) => [name, lift(heap, tensor, group, groups)] as const,
    )
    const part = dense(Object.fromEntries(parts))
    const width = lastAxis(part)
    copyChannels(
      { values: heap.values(part), stride: width, offset: 0 },
      { values: heap.values(out), stride, offset: group * width },
      width,
    )
    for (const tensor of [part, ...parts.map(([, lifted]) => lifted)]) heap.free(tensor)
  }
  return out
}
