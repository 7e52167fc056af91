import type * as tf from '@tensorflow/tfjs-core'
import type { Owner } from './describe/network.ts'
import { scaleGradient } from './gradients/scale-gradient.ts'
import type { GradientScale } from './model.ts'

/**
 * What the readers of a node see of it where gradients are scaled between stages: the node where an exit leaves the
 * backbone is seen through one tensor by its head and through another by the backbone behind it, each of which scales
 * what comes back. Elsewhere, and without scales, it is the node itself.
 */
export class GradientViews {
  readonly #junctions: ReadonlyMap<string, number>
  readonly #scales: readonly GradientScale[]
  /** One tensor a side, so that what several readers send back is summed before it is scaled. */
  readonly #views = new Map<string, tf.Tensor>()

  constructor(junctions: ReadonlyMap<string, number>, scales: readonly GradientScale[] | undefined) {
    this.#junctions = junctions
    this.#scales = scales ?? []
  }

  of(name: string, value: tf.Tensor, reader: Owner): tf.Tensor {
    const scale = this.#scales[(this.#junctions.get(name) ?? 0) - 1]
    if (scale === undefined) return value
    const side = reader.part === 'head' ? 'head' : 'onward'
    const key = `${side} ${name}`
    const seen = this.#views.get(key)
    if (seen) return seen
    const view = scaleGradient(value, scale[side])
    this.#views.set(key, view)
    return view
  }
}
