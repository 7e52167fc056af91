import { describe, expect, test } from 'vitest'
import { attentionKernel, fusionMacs } from './exit-fusion.ts'
import { methodMacs, methodOptions, methodProblems } from './registry.ts'
import {
  bindToy,
  expectAgreement,
  type ReferenceLoss,
  type ToyCase,
  type ToyValues,
} from './testing/expect-agreement.ts'
import {
  at,
  batchNormRelu,
  crossEntropy,
  klDivergence,
  type Matrix,
  mean,
  multiply,
  sum,
  weightedSum,
} from './testing/float64.ts'
import { numberedTerms } from './testing/numbered-terms.ts'

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

/** One image: pixel p of channel m is at [m][p]. Written index by index, as the source's layers read. */
function attended(
  x: readonly (readonly number[])[],
  parameters: ToyValues['parameters'],
  kernel: number,
): number[][] {
  const pixels = at(x, 0).length
  const local = parameters['fusion.localKernel'] ?? []
  const global = parameters['fusion.globalKernel'] ?? []
  const balance = sigmoid(at(at(parameters['fusion.balance'] ?? [], 0), 0))
  const pooled = x.map((row) => mean(row))
  const neighbour = (m: number, offset: number) => m + offset - (kernel - 1) / 2
  const offsets = Array.from({ length: kernel }, (_, offset) => offset)
  return x.map((row, m) => {
    const g = sum(offsets.map((o) => at(at(global, o), 0) * (pooled[neighbour(m, o)] ?? 0)))
    return row.map((value, to) => {
      const l = sum(
        offsets.flatMap((o) =>
          Array.from({ length: pixels }, (_, from) => {
            const source = neighbour(m, o) >= 0 ? (x[neighbour(m, o)]?.[from] ?? 0) : 0
            return at(at(local, o * pixels + from), to) * source
          }),
        ),
      )
      return value * sigmoid(2 * (1 - balance) * l + 2 * balance * g)
    })
  })
}

/** z_f from maps of `pixels` pixels, [B, P D] each with channels innermost. */
function fused(
  maps: readonly Matrix[],
  parameters: ToyValues['parameters'],
  pixels: number,
  kernel: number,
): Matrix {
  const channels = at(at(maps, 0), 0).length / pixels
  const images = at(maps, 0).map((_, b) => {
    const x = maps.flatMap((map) =>
      Array.from({ length: channels }, (__, c) =>
        Array.from({ length: pixels }, (___, p) => at(at(map, b), p * channels + c)),
      ),
    )
    return attended(x, parameters, kernel)
  })
  const rows = images.flatMap((x) =>
    Array.from({ length: pixels }, (_, p) => x.map((channel) => at(channel, p))),
  )
  const mixed = batchNormRelu(
    multiply(rows, parameters['fusion.mix'] ?? []),
    at(parameters['fusion.gamma'] ?? [], 0),
    at(parameters['fusion.beta'] ?? [], 0),
  )
  const features = images.map((_, b) =>
    at(mixed, 0).map((__, c) =>
      mean(Array.from({ length: pixels }, (___, p) => at(at(mixed, b * pixels + p), c))),
    ),
  )
  const bias = at(parameters['fusion.bias'] ?? [], 0)
  return multiply(features, parameters['fusion.classifier'] ?? []).map((row) =>
    row.map((z, c) => z + at(bias, c)),
  )
}

interface Settings {
  /** A^(K-k+1), worked out by hand. */
  readonly towards: readonly number[]
  readonly temperature: number
  readonly fusion: (values: ToyValues) => Matrix
}

const reference =
  ({ towards, temperature, fusion }: Settings): ReferenceLoss =>
  (live, frozen, targets) => {
    const kdOf = (teacher: Matrix, student: Matrix) =>
      temperature ** 2 * klDivergence(teacher, student, temperature)
    const z = fusion(live)
    const teacher = fusion(frozen)
    const zbar = weightedSum(
      frozen.logits,
      frozen.logits.map(() => 1 / frozen.logits.length),
    )
    const ce = live.logits.map((student) => crossEntropy(student, targets))
    const kd = live.logits.map((student, k) => at(towards, k) * kdOf(teacher, student))
    const [fusedCe, fusedKd] = [crossEntropy(z, targets), kdOf(zbar, z)]
    return {
      total: fusedCe + fusedKd + sum(ce.map((loss, k) => (2 - at(towards, k)) * loss)) + sum(kd),
      terms: { ...numberedTerms('ce', ce), fusedCe, fusedKd, ...numberedTerms('kd', kd) },
    }
  }

describe('loth', () => {
  test('fuses maps of one shape, teaches by it, and is taught by the mean', () => {
    // Two exits of 3 channels: M = 6, |log2(6) + 1| / 2 = 1.79, k = 1. A = 1.15: A^2 = 1.3225.
    const fusion = ({ maps, parameters }: ToyValues) => fused(maps, parameters, 4, 1)
    expectAgreement(
      { options: { name: 'loth' }, widths: [3, 3] },
      reference({ towards: [1.3225, 1.15], temperature: 3, fusion }),
    )
  })

  test('mixes neighbouring channels, and takes its options', () => {
    // Two exits of 4 channels, one pixel: M = 8, |log2(8) + 1| / 2 = 2, made odd: k = 3.
    const fusion = ({ maps, parameters }: ToyValues) => fused(maps, parameters, 1, 3)
    expectAgreement(
      { options: { name: 'loth', lossBase: 1.1, temperature: 2 }, widths: [4, 4], mapSizes: [1, 1] },
      reference({ towards: [1.21, 1.1], temperature: 2, fusion }),
    )
  })

  test('fuses maps of one shape whose channels are fewer than the features have numbers', () => {
    // M = 2 x 3 of the maps, not of the flattened features: k = 1, as above.
    const toy: ToyCase = { options: { name: 'loth' }, widths: [12, 12], mapChannels: [3, 3] }
    const instance = bindToy(toy)
    const shapes = Object.fromEntries(instance.parameters.map(({ name, variable }) => [name, variable.shape]))
    instance.dispose()
    expect(shapes).toMatchObject({ 'fusion.mix': [6, 3], 'fusion.localKernel': [4, 4] })
    const fusion = ({ maps, parameters }: ToyValues) => fused(maps, parameters, 4, 1)
    expectAgreement(toy, reference({ towards: [1.3225, 1.15], temperature: 3, fusion }))
  })

  test('takes projected features where maps differ', () => {
    const toy: ToyCase = { options: { name: 'loth' }, widths: [3, 5], mapSizes: [4, 2] }
    const instance = bindToy(toy)
    const shapes = Object.fromEntries(instance.parameters.map(({ name, variable }) => [name, variable.shape]))
    instance.dispose()
    // M = 10, |log2(10) + 1| / 2 = 2.16, made odd: 3.
    expect(shapes).toMatchObject({
      'projection1.weight': [3, 5],
      'fusion.mix': [10, 5],
      'fusion.localKernel': [3, 1],
    })
    const fusion = ({ features, parameters }: ToyValues) => {
      const projected = multiply(at(features, 0), parameters['projection1.weight'] ?? [])
      return fused([projected, at(features, 1)], parameters, 1, 3)
    }
    expectAgreement(toy, reference({ towards: [1.3225, 1.15], temperature: 3, fusion }))
  })

  test('counts its module: on ResNet-18 with four maps of 4 x 4 x 512 and 100 classes', () => {
    expect(attentionKernel(2048)).toBe(7)
    // 7 x 2048 x (1 + 16 x 16) + 16 x 2048 x 512 + 512 x 100
    const macs = 3_684_352 + 16_777_216 + 51_200
    expect(fusionMacs({ exits: 4, pixels: 16, channels: 512, classes: 100 })).toBe(macs)
    const mapShapes = Array.from({ length: 4 }, () => [4, 4, 512])
    expect(
      methodMacs(methodOptions.parse({ name: 'loth' }), [512, 512, 512, 512], { mapShapes, classes: 100 }),
    ).toBe(macs)
  })

  test('counts the channels of maps: on MSDNet for 64 x 64 pixels, two maps of 4 x 4 x 128 and features of 512', () => {
    expect(attentionKernel(256)).toBe(5)
    // 5 x 256 x (1 + 16 x 16) + 16 x 256 x 128 + 128 x 200
    const macs = 328_960 + 524_288 + 25_600
    const shapes = { mapShapes: [1, 2].map(() => [4, 4, 128]), classes: 200 }
    expect(methodMacs(methodOptions.parse({ name: 'loth' }), [512, 512], shapes)).toBe(macs)
  })

  test('refuses a base that would train the first exit away from the labels', () => {
    const problems = (lossBase: number, exits: number) =>
      methodProblems(methodOptions.parse({ name: 'loth', lossBase }), exits)
    expect(problems(1.15, 4)).toEqual([])
    expect(problems(1.15, 7)).toEqual([
      expect.objectContaining({ path: 'method.lossBase', hint: 'Use lossBase 1.104 or less for 7 exits.' }),
    ])
    expect(problems(1.104, 7)).toEqual([])
  })
})
