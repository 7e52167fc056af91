import { describeNetwork, exitCosts, withLogitSums } from '@mate-bench/nn/describe'
import { expect, it } from 'vitest'
import { learningRateAt, learningRates } from './learning-rates.ts'
import { exitsOf, frozenNodes, phaseAt, phasesOf } from './phases.ts'
import { planSpec } from './plan.ts'
import { digestSpec, networkInputOf, parseSpec } from './spec.ts'
import { trainingCosts } from './training-costs.ts'

const written = {
  schemaVersion: 1,
  name: 'phases',
  dataset: { name: 'fashion-mnist-mini' },
  model: {
    backbone: { name: 'resnet', depth: 8, width: 4 },
    exits: [{ after: 'stage1' }, { after: 'stage2' }, { after: 'stage3' }],
    head: { name: 'linear' },
  },
  method: { name: 'mate' },
  training: {
    epochs: 10,
    batchSize: 100,
    optimizer: { name: 'sgd', learningRate: 0.1 },
    schedule: { name: 'multi-step', milestones: [2], gamma: 0.5 },
  },
  evaluation: {},
  seeds: [1],
}
const withRegime = (regime: unknown, changes: Record<string, unknown> = {}) =>
  parseSpec({ ...written, training: { ...written.training, regime, ...changes } })
const backbone = { epochs: 6, schedule: { name: 'multi-step', milestones: [4], gamma: 0.1 } }
const mixed = withRegime({ name: 'mixed', backbone })
const disjoint = withRegime({ name: 'disjoint', backbone })

it('has one phase without a regime, and joint is another word for that', () => {
  const plain = parseSpec(written)
  expect(phasesOf(plain.training).map(({ name, epochs }) => [name, epochs])).toEqual([['whole', 10]])
  expect(plain.training).not.toHaveProperty('regime')
  expect(digestSpec(withRegime({ name: 'joint' }))).toBe(digestSpec(plain))
  expect(digestSpec(mixed)).not.toBe(digestSpec(plain))
  expect(digestSpec(mixed)).not.toBe(digestSpec(disjoint))
})

it('goes over to the second phase after the epochs of the backbone', () => {
  expect([0, 5, 6, 10].map((epoch) => phaseAt(mixed.training, epoch).name)).toEqual([
    'backbone',
    'backbone',
    'everything',
    'everything',
  ])
  expect(phaseAt(disjoint.training, 6)).toMatchObject({ name: 'heads', firstEpoch: 6, epochs: 4 })
  expect(exitsOf(phaseAt(mixed.training, 0), 3)).toEqual([3])
  expect(exitsOf(phaseAt(mixed.training, 6), 3)).toEqual([1, 2, 3])
})

it('gives each phase its schedule, from its own first step on', () => {
  const rate = (epoch: number) => learningRateAt(mixed.training, { epoch, step: 0, stepsPerEpoch: 5 })
  // Backbone: 0.1, a tenth after 4 epochs. Everything: 0.1 again, a half after 2.
  const expected = [0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.1, 0.1, 0.05, 0.05]
  expect(expected.map((_, epoch) => rate(epoch))).toEqual(expected.map((value) => expect.closeTo(value, 12)))
  expect(learningRates(mixed.training, { epoch: 6, stepsPerEpoch: 5 })).toEqual({ first: 0.1, last: 0.1 })
})

it('freezes what the last exit depends on, its head included, and no earlier head', () => {
  const network = describeNetwork(disjoint.model, { inputShape: [28, 28, 1], classes: 10 })
  const frozen = frozenNodes(phaseAt(disjoint.training, 6), network) ?? new Set()
  const free = network.nodes.filter(({ name }) => !frozen.has(name))
  expect(new Set(free.map(({ stage }) => stage))).toEqual(new Set(['head1', 'head2']))
  expect(frozenNodes(phaseAt(mixed.training, 6), network)).toBeUndefined()
})

it.each([
  [{ name: 'mixed', backbone: { ...backbone, epochs: 10 } }, 'training.regime.backbone.epochs'],
  [
    { name: 'mixed', backbone: { ...backbone, epochs: 4 } },
    'training.regime.backbone.schedule.milestones[0]',
  ],
  [{ name: 'mixed', backbone: { ...backbone, epochs: 8 } }, 'training.schedule.milestones[0]'],
  [{ name: 'mixd', backbone }, 'training.regime.name'],
  [{ name: 'disjoint' }, 'training.regime.backbone'],
])('refuses a regime that does not fit: %#', (regime, path) => {
  expect(() => withRegime(regime)).toThrow(
    expect.objectContaining({ problems: expect.arrayContaining([expect.objectContaining({ path })]) }),
  )
})

it('refuses a second phase for a model of one exit', () => {
  const alone = {
    ...written,
    method: { name: 'joint' },
    model: { ...written.model, exits: [{ after: 'stage3' }] },
  }
  const training = { ...written.training, regime: { name: 'mixed', backbone } }
  expect(() => parseSpec({ ...alone, training })).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ path: 'training.regime' })] }),
  )
})

it.each(['disjoint', 'mixed'])('refuses %s for a method whose exits predict by sums', (name) => {
  const training = { ...written.training, regime: { name, backbone } }
  const boosted = { ...written, method: { name: 'boosted' } }
  expect(() => parseSpec({ ...boosted, training })).toThrow(
    expect.objectContaining({
      problems: [
        expect.objectContaining({
          path: 'training.regime',
          message: expect.stringContaining('predicts by a sum'),
        }),
      ],
    }),
  )
  expect(() => parseSpec({ ...boosted, training: { ...training, regime: { name: 'joint' } } })).not.toThrow()
})

it('counts what each phase computes and trains', () => {
  const { exits, trainingMacsPerImage, trainingMacsPerRun, methodMacs, splits } = planSpec(disjoint)
  const alone = exits[2]?.isolatedMacs ?? 0
  const whole = exits[2]?.sequentialMacs ?? 0
  const added = methodMacs
  expect(trainingMacsPerImage).toBe(Math.round((6 * alone + 4 * (whole + added)) / 10))
  const heads = whole + added + 2 * (whole - alone + added)
  expect(trainingMacsPerRun).toBe((6 * 3 * alone + 4 * heads) * splits.train)
})

it('counts no earlier head in the first phase, even where the last exit predicts by a sum with them', () => {
  const network = describeNetwork(mixed.model, networkInputOf(mixed.dataset))
  const rows = Array.from({ length: 3 }, (_, k) => Array.from({ length: k + 1 }, () => 1))
  const costs = (of: typeof network) => trainingCosts(mixed, of, 100)
  const summed = withLogitSums(network, rows)
  expect(exitCosts(summed, 'macs')[2]?.isolatedMacs).toBeGreaterThan(
    exitCosts(network, 'macs')[2]?.isolatedMacs ?? 0,
  )
  expect(costs(summed).trainingMacsPerImage).toBe(costs(network).trainingMacsPerImage)
  expect(costs(summed).trainingMacsPerRun).toBe(costs(network).trainingMacsPerRun)
})
