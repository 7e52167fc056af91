import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../../open.ts'
import { computed, difference, draw, tensorflowIsHere } from '../testing/kernels.ts'

const [rows, channels, epsilon] = [2 * 5 * 4, 3, 1e-3]
const shape = [2, 5, 4, channels]
const parameters = () => ({ gamma: draw([channels], 'gamma'), beta: draw([channels], 'beta') })
const running = () => ({ mean: draw([channels], 'mean'), variance: tf.abs(draw([channels], 'variance')) })
const values = (tensor: tf.Tensor) => [...tensor.dataSync()]

/** Plain float64: what the kernels have to give. */
function reference(relu: boolean) {
  return tf.tidy(() => {
    const x = values(draw(shape, 'x'))
    const [gamma = [], beta = []] = Object.values(parameters()).map(values)
    const columns = Array.from({ length: channels }, (_, c) => x.filter((_, i) => i % channels === c))
    const mean = columns.map((column) => column.reduce((a, b) => a + b) / rows)
    const variance = columns.map(
      (column, c) => column.reduce((a, b) => a + (b - (mean[c] ?? 0)) ** 2, 0) / rows,
    )
    const normal = x.map((value, i) => {
      const c = i % channels
      return (value - (mean[c] ?? 0)) / Math.sqrt((variance[c] ?? 0) + epsilon)
    })
    const before = normal.map((value, i) => value * (gamma[i % channels] ?? 0) + (beta[i % channels] ?? 0))
    const y = before.map((value) => (relu ? Math.max(0, value) : value))
    return { mean, variance, normal, before, gamma, y }
  })
}

describe.skipIf(!tensorflowIsHere).each([{ relu: false }, { relu: true }])(
  'batch norm, relu $relu',
  ({ relu }) => {
    beforeAll(async () => {
      await openBackend('tensorflow')
    })

    it.each([0.25, 1])('forward, momentum %d', (momentum) => {
      const expected = reference(relu)
      const inputs = () => ({ x: draw(shape, 'x'), ...parameters(), ...running() })
      const [y, mean, variance] = computed('BatchNormTraining', inputs, { epsilon, momentum, relu })
      const [oldMean = [], oldVariance = []] = tf.tidy(() => Object.values(running()).map(values))
      const moved = (old: readonly number[], batch: readonly number[]) =>
        old.map((value, c) => (1 - momentum) * value + momentum * (batch[c] ?? 0))
      const unbiased = expected.variance.map((value) => (value * rows) / (rows - 1))
      expect(difference(y, expected.y)).toBeLessThan(2e-6)
      expect(difference(mean, moved(oldMean, expected.mean))).toBeLessThan(1e-6)
      expect(difference(variance, moved(oldVariance, unbiased))).toBeLessThan(2e-6)
    })

    it('backward, with what the forward kernel saved', () => {
      const expected = reference(relu)
      const [dx, dGamma, dBeta] = tf.tidy(() => {
        const x = draw(shape, 'x')
        const { gamma, beta } = parameters()
        const [y, , , ...saved] = tf
          .engine()
          .runKernel<tf.Tensor[]>(
            'BatchNormTraining',
            { x, gamma, beta, ...running() },
            { epsilon, momentum: 0.1, relu },
          ) as [tf.Tensor, ...tf.Tensor[]]
        const kept = Object.fromEntries(saved.map((tensor, i) => [`saved${i}`, tensor]))
        return tf
          .engine()
          .runKernel<tf.Tensor[]>(
            'BatchNormTrainingGrad',
            { x, y, dy: draw(shape, 'dy'), gamma, beta, ...kept },
            { epsilon, relu },
          )
          .map((tensor) => Float32Array.from(tensor.dataSync()))
      })
      const dy = tf.tidy(() => values(draw(shape, 'dy')))
      const upstream = dy.map((value, i) => (relu && (expected.before[i] ?? 0) <= 0 ? 0 : value))
      const sums = (of: (i: number) => number) =>
        expected.mean.map((_, c) => upstream.reduce((sum, _, i) => sum + (i % channels === c ? of(i) : 0), 0))
      const beta = sums((i) => upstream[i] ?? 0)
      const gamma = sums((i) => (upstream[i] ?? 0) * (expected.normal[i] ?? 0))
      const dxs = upstream.map((value, i) => {
        const c = i % channels
        const centred = value - ((beta[c] ?? 0) + (expected.normal[i] ?? 0) * (gamma[c] ?? 0)) / rows
        return (centred * (expected.gamma[c] ?? 0)) / Math.sqrt((expected.variance[c] ?? 0) + epsilon)
      })
      expect(difference(dBeta, beta)).toBeLessThan(2e-6)
      expect(difference(dGamma, gamma)).toBeLessThan(2e-6)
      expect(difference(dx, dxs)).toBeLessThan(4e-6)
    })
  },
)
