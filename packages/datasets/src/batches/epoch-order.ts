import { createRandom } from '@mate-bench/stats'

/** The order in which an epoch visits the training split: shuffled from the stream (seed, `order`, epoch). */
export function epochOrder(train: Uint32Array, seed: number, epoch: number): Uint32Array {
  return createRandom(seed, 'order', epoch).shuffle(Uint32Array.from(train))
}
