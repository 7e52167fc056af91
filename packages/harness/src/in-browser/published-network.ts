import { createModel, type Model } from '@mate-bench/nn'
import { digestBytes } from '@mate-bench/provenance'
import { BenchError } from '@mate-bench/schema'
import { predictionsFromLogits } from '@mate-bench/stats'
import * as tf from '@tensorflow/tfjs-core'
import { requireTensors, restore } from '../checkpoint.ts'
import { decodeSafetensors } from '../safetensors.ts'
import { describeSpecNetwork, networkInputOf, type Spec } from '../spec.ts'

/** What an exit makes of one image. */
export interface ExitAnswer {
  /** 1 is the shallowest. */
  readonly k: number
  readonly predicted: number
  /** Largest softmax probability. */
  readonly confidence: number
  /** Since the image was given: what an inference that leaves here takes. */
  readonly milliseconds: number
}

/**
 * The network of a published run with the run's weights, on the current backend.
 *
 * @param weights the bytes of `model.safetensors`
 * @param sha256 hex digest that the run's manifest lists for them
 * @throws BenchError `checksum-mismatch` for other bytes, `bad-input` for weights of another network
 */
export function openPublishedNetwork(spec: Spec, weights: Uint8Array, sha256: string): Model {
  const found = digestBytes(weights)
  if (found !== `sha256:${sha256}`) {
    throw new BenchError({
      code: 'checksum-mismatch',
      message: `The weights are not those of the run: expected sha256:${sha256}, found ${found}.`,
      path: 'model.safetensors',
      hint: 'Reload the page. If that does not help, the site or something between you and the site alters its files.',
    })
  }
  const { tensors } = decodeSafetensors(weights, 'model.safetensors')
  const model = createModel(describeSpecNetwork(spec, networkInputOf(spec.dataset)), 0)
  const named = new Map([...tensors].map(([name, tensor]) => [`model/${name}`, tensor]))
  try {
    requireTensors(named, { model: model.variables }, 'model.safetensors')
    restore(named, { model: model.variables })
    return model
  } catch (thrown) {
    model.dispose()
    throw thrown
  }
}

/**
 * Runs one image through a network exit by exit, and reads each exit's answer before the next is computed, as a device does that
 * may stop there.
 *
 * @param image [H * W * C] float32, normalised
 */
export async function* answerExitByExit(model: Model, image: Float32Array): AsyncGenerator<ExitAnswer> {
  const { inputShape, classes, exits } = model.network
  const images = tf.tensor4d(image, [1, ...inputShape])
  const inference = model.exitByExit(images)
  try {
    const began = performance.now()
    for (const { k } of exits) {
      const logits = await inference.next()?.data<'float32'>()
      const milliseconds = performance.now() - began
      if (logits === undefined) return
      // The label is not asked: for class and confidence any will do.
      const [answer] = predictionsFromLogits([logits], Int32Array.of(0), classes).exits
      const { predicted: [predicted = 0] = [], confidence: [confidence = 0] = [] } = answer ?? {}
      yield { k, predicted, confidence, milliseconds }
    }
  } finally {
    inference.dispose()
    images.dispose()
  }
}
