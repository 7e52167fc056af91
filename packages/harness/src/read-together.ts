import * as tf from '@tensorflow/tfjs-core'

/**
 * Values of small float32 tensors in groups, by one read for all: every read waits once more until the device has caught
 * up. The tensors stay the caller's.
 *
 * @returns by group, the values of each of its tensors
 */
export async function readTogether<Group extends string>(
  groups: Readonly<Record<Group, readonly tf.Tensor[]>>,
): Promise<Record<Group, Float32Array[]>> {
  const tensors = Object.values<readonly tf.Tensor[]>(groups).flat()
  const scalars = tensors.filter(({ rank }) => rank === 0)
  const others = tensors.filter(({ rank }) => rank > 0)
  const packed = tf.tidy(() => {
    const vectors = others.map((tensor) => (tensor.rank === 1 ? tensor : tf.reshape(tensor, [-1])))
    return tf.concat([...(scalars.length > 0 ? [tf.stack(scalars)] : []), ...vectors] as tf.Tensor1D[])
  })
  try {
    const values = await packed.data<'float32'>()
    const found = new Map<tf.Tensor, Float32Array>()
    let at = 0
    for (const tensor of [...scalars, ...others]) {
      found.set(tensor, values.slice(at, at + tensor.size))
      at += tensor.size
    }
    const entries = Object.entries<readonly tf.Tensor[]>(groups).map(([group, members]) => [
      group,
      members.map((tensor) => found.get(tensor)),
    ])
    return Object.fromEntries(entries)
  } finally {
    packed.dispose()
  }
}
