import { crossEntropy } from './loss/cross-entropy.ts'
import type { MethodInstance } from './method.ts'

/**
 * The backbone's own phase of a disjoint or mixed regime: the last exit learns from the labels, as a network of one
 * classifier does. No method of its own: every method begins with it where a spec names such a regime.
 *
 * @param k number of the last exit, whose outputs are the only ones of a step
 */
export function bindLastExitAlone(k: number): MethodInstance {
  return {
    parameters: [],
    loss({ outputs, targets }) {
      const [output] = outputs
      if (output === undefined) throw new RangeError('The last exit has no outputs.')
      const loss = crossEntropy(output.logits, targets)
      return { total: loss, terms: { [`ce${k}`]: loss } }
    },
    dispose() {},
  }
}
