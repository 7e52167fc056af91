import * as tf from '@tensorflow/tfjs-core'
import { reachable } from './describe/last-exit.ts'
import type { Network } from './describe/network.ts'
import type { ForwardPlan, Step } from './forward-plan.ts'
import { predictedLogits } from './logit-sums.ts'

/** An inference that goes on only as long as somebody asks for another exit. */
export interface ExitByExit {
  /**
   * What the next exit predicts by, [B, C], shallowest first: only what no earlier exit has computed is computed. The tensor
   * belongs to the inference. Undefined after the last exit.
   */
  next(): tf.Tensor2D | undefined
  /** Frees everything that was computed. */
  dispose(): void
}

/**
 * Runs the steps of a plan exit by exit, as an early-exit inference does.
 * @param run computes one step from its inputs
 */
export function exitByExit(
  network: Network,
  plan: ForwardPlan,
  images: tf.Tensor4D,
  run: (step: Step, inputs: readonly tf.Tensor[]) => tf.Tensor,
): ExitByExit {
  const values = new Map<string, tf.Tensor>()
  const predicted: tf.Tensor2D[] = []
  const own: tf.Tensor2D[] = []
  const computeFor = (exit: Network['exits'][number]) => {
    const needed = reachable(network.nodes, [exit])
    for (const step of plan.steps) {
      if (values.has(step.output) || !needed.has(step.output)) continue
      if (step.node.operation.kind === 'input') {
        values.set(step.output, images)
        continue
      }
      const inputs = step.node.inputs.map((name) => read(values, name))
      values.set(step.output, tf.keep(tf.tidy(() => run(step, inputs))))
    }
    return read(values, exit.logits) as tf.Tensor2D
  }
  return {
    next() {
      const exit = network.exits[own.length]
      if (exit === undefined) return undefined
      own.push(computeFor(exit))
      const logits = tf.tidy(() => predictedLogits(network, own).at(-1))
      if (logits === undefined) return undefined
      predicted.push(logits === own.at(-1) ? logits : tf.keep(logits))
      return logits
    },
    dispose() {
      const computed = new Set<tf.Tensor>([...values.values(), ...predicted])
      computed.delete(images)
      tf.dispose([...computed])
      values.clear()
    },
  }
}

function read(values: ReadonlyMap<string, tf.Tensor>, name: string): tf.Tensor {
  const value = values.get(name)
  if (!value) throw new RangeError(`${name} is read before it is computed`)
  return value
}
