import { BenchError } from '@mate-bench/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attachPoints, type BackboneOptions, backboneOptions, backbones } from './backbones/registry.ts'
import { exitCosts } from './costs.ts'
import { describeNetwork } from './describe-network.ts'
import { headOptions, heads } from './heads/registry.ts'
import type { MapShape, Network } from './network.ts'

const resnet8: BackboneOptions = backboneOptions.parse({ name: 'resnet', depth: 8 })
const linear = headOptions.parse({ name: 'linear' })
const cifar10 = { inputShape: [32, 32, 3] as MapShape, classes: 10 }

function withExits(...after: string[]): Network {
  return describeNetwork(
    { backbone: resnet8, head: linear, exits: after.map((point) => ({ after: point })) },
    cifar10,
  )
}

function thrown(build: () => unknown): BenchError {
  try {
    build()
  } catch (error) {
    if (error instanceof BenchError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('attachPoints', () => {
  it('lists stages and the blocks within them, in order', () => {
    expect(attachPoints(backboneOptions.parse({ name: 'resnet', depth: 14 }))).toEqual([
      'stage1.block0',
      'stage1',
      'stage2.block0',
      'stage2',
      'stage3.block0',
      'stage3',
    ])
    expect(attachPoints(backboneOptions.parse({ name: 'vgg', depth: 11 }))).toEqual([
      'stage1',
      'stage2',
      'stage3.conv0',
      'stage3',
      'stage4.conv0',
      'stage4',
      'stage5.conv0',
      'stage5',
    ])
    expect(attachPoints(backboneOptions.parse({ name: 'msdnet', nBlocks: 3 }))).toEqual([
      'block1',
      'block2',
      'block3',
    ])
  })

  it.each([
    { name: 'resnet', depth: 110 },
    { name: 'resnet', depth: 50, width: 8 },
    { name: 'vgg', depth: 19, width: 8 },
    { name: 'wide-resnet', depth: 28, widen: 2 },
    { name: 'resnext', depth: 101, cardinality: 4, baseWidth: 32, width: 8 },
    { name: 'densenet', depth: 40, growthRate: 4 },
    { name: 'mobilenet-v2' },
    { name: 'msdnet' },
    { name: 'msdnet', nBlocks: 4, base: 1, step: 1, stepMode: 'lin_grow', prune: 'min' },
  ])('every point of %j can carry an exit', (options) => {
    const backbone = backboneOptions.parse(options)
    const points = attachPoints(backbone)
    const exits = points.map((after) => ({ after }))
    const network = describeNetwork({ backbone, head: linear, exits }, cifar10)
    expect(network.exits.map(({ after }) => after)).toEqual(points)
    expect(network.exits.map(({ k }) => k)).toEqual(points.map((_, index) => index + 1))
  })
})

describe('describeNetwork', () => {
  it('puts each head behind the backbone segment that it reads, and every input before its reader', () => {
    const network = withExits('stage1', 'stage3')
    const seen = new Set<string>()
    for (const node of network.nodes) {
      for (const input of node.inputs) expect(seen.has(input)).toBe(true)
      seen.add(node.name)
    }
    const parts = network.nodes.map(({ owner }) =>
      owner.part === 'backbone' ? `b${owner.segment}` : `h${owner.exit}`,
    )
    expect(parts.filter((part, index) => part !== parts[index - 1])).toEqual(['b1', 'h1', 'b2', 'h2'])
    expect(network.exits[0]).toEqual({
      k: 1,
      after: 'stage1',
      featureMap: 'stage1.block0.relu',
      feature: 'head1.pool',
      featureWidth: 16,
      logits: 'head1.classifier',
    })
  })

  it('ends where its single exit stands, with the head and the cost that this exit has among others', () => {
    const eed = headOptions.parse({ name: 'eed' })
    const exitsAfter = (...after: string[]) =>
      describeNetwork(
        { backbone: resnet8, head: eed, exits: after.map((point) => ({ after: point })) },
        cifar10,
      )
    const [alone, ...others] = exitCosts(exitsAfter('stage2'), 'macs')
    const [, second] = exitCosts(exitsAfter('stage1', 'stage2', 'stage3'), 'macs')
    expect(others).toEqual([])
    expect(alone?.sequentialMacs).toBe(second?.isolatedMacs)
    expect(alone?.parametersSequential).toBe(second?.parametersIsolated)
    expect(exitsAfter('stage2').nodes.some(({ name }) => name.startsWith('stage3'))).toBe(false)
    expect(exitsAfter('stage2').leftOut).toEqual([])
  })

  it('leaves out what no exit needs', () => {
    // Four layers over three scales: two are alive after the last layer, and only the coarsest is read.
    const options = { name: 'msdnet', nBlocks: 1, base: 4 }
    const model = {
      backbone: backboneOptions.parse(options),
      head: linear,
      exits: [{ after: 'block1' }],
    }
    const names = describeNetwork(model, cifar10).nodes.map(({ name }) => name)
    expect(names).toContain('block1.layer3.scale3.concat')
    expect(names).not.toContain('block1.layer3.scale2.concat')
    expect(names).toContain('block1.layer2.scale2.concat')
    const { leftOut } = describeNetwork(model, cifar10)
    expect(leftOut.map(({ name }) => name)).toContain('block1.layer3.scale2.concat')
  })

  it.each([
    [
      ['stage1', 'stgae2', 'stage3'],
      'model.exits[1].after',
      /no attach point "stgae2"/,
      /"stage2"\? Attach points/,
    ],
    [['stage2', 'stage1', 'stage3'], 'model.exits[1].after', /behind/, /stage1, stage2, stage3/],
    [['stage1', 'stage1', 'stage3'], 'model.exits[1].after', /Two exits/, /Remove/],
    [['stage1', 'stage2'], 'model.exits[1].after', /not at the backbone's end/, /"stage3"/],
    [[], 'model.exits', /at least one/, /stage3/],
  ])('refuses exits after %j', (after, path, message, hint) => {
    const error = thrown(() => withExits(...after))
    expect(error).toMatchObject({ code: 'bad-spec', path })
    expect(error.message).toMatch(message)
    expect(error.hint).toMatch(hint)
  })

  it('refuses images that the backbone or the head shrinks to nothing', () => {
    const vgg = { backbone: backboneOptions.parse({ name: 'vgg', depth: 11 }), exits: [{ after: 'stage5' }] }
    const error = thrown(() =>
      describeNetwork({ ...vgg, head: linear }, { ...cifar10, inputShape: [8, 8, 3] }),
    )
    expect(error).toMatchObject({ code: 'bad-spec', path: 'model.backbone' })
    expect(error.message).toMatch(/8x8x3/)
    const head = headOptions.parse({ name: 'msdnet' })
    expect(thrown(() => describeNetwork({ ...vgg, head }, cifar10)).path).toBe('model.head')
  })

  it('refuses heads that imitate stages on a backbone without stages, and says which fit', () => {
    const backbone = backboneOptions.parse({ name: 'msdnet', nBlocks: 2 })
    const exits = [{ after: 'block1' }, { after: 'block2' }]
    const error = thrown(() =>
      describeNetwork({ backbone, exits, head: headOptions.parse({ name: 'eed' }) }, cifar10),
    )
    expect(error).toMatchObject({ code: 'bad-spec', path: 'model.head.name' })
    expect(error.hint).toBe('Use one of: linear, msdnet.')
  })

  it('gives every exit of a stage-imitating head one feature width', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('eed', 'bottleneck', 'byot', 'separable'),
        fc.constantFrom(
          { name: 'resnet', depth: 14, width: 3 },
          { name: 'resnet', depth: 50, width: 2 },
          { name: 'vgg', depth: 13, width: 4 },
          { name: 'wide-resnet', depth: 16, widen: 1 },
          { name: 'resnext', depth: 20, cardinality: 4, baseWidth: 16, width: 16 },
          { name: 'densenet', depth: 22, growthRate: 4 },
          { name: 'mobilenet-v2', widthMultiplier: 0.25 },
        ),
        (head, options) => {
          const backbone = backboneOptions.parse(options)
          const points = attachPoints(backbone)
          // These two widen within their last stage, where nothing is left to imitate.
          const widens = ['densenet', 'mobilenet-v2'].includes(options.name)
          const exits = points
            .filter((after) => !widens || !after.startsWith(`${points.at(-1)}.`))
            .map((after) => ({ after }))
          const network = describeNetwork(
            { backbone, exits, head: headOptions.parse({ name: head }) },
            cifar10,
          )
          expect(new Set(network.exits.map(({ featureWidth }) => featureWidth)).size).toBe(1)
        },
      ),
    )
  })
})

describe('options', () => {
  it('fills defaults', () => {
    expect(resnet8).toEqual({
      name: 'resnet',
      depth: 8,
      stem: 'cifar',
      batchNorm: { momentum: 0.1, epsilon: 1e-5 },
    })
  })

  it.each([
    { name: 'resnet', depth: 19 },
    { name: 'resnet', depth: 8, width: 0 },
    { name: 'resnet', depth: 8, batchNorm: { momentum: 0 } },
    { name: 'resnet', depth: 8, dpeth: 8 },
    { name: 'vgg', depth: 12 },
    { name: 'msdnet', grFactor: [1, 2] },
    { name: 'msdnet', growthRate: 3, grFactor: [1, 1, 1] },
    { name: 'msdnet', nBlocks: 32, step: 64, stepMode: 'lin_grow' },
    { name: 'densenet' },
  ])('refuses %j', (options) => {
    expect(backboneOptions.safeParse(options).success).toBe(false)
  })

  it('describes every option of every backbone and head', () => {
    for (const { name, options } of [...backbones, ...heads]) {
      const shape = 'shape' in options ? Object.entries(options.shape as Record<string, unknown>) : []
      expect(shape.length, name).toBeGreaterThan(0)
      for (const [key, field] of shape) {
        if (key === 'name') continue
        expect(field, `${name}.${key}`).toHaveProperty('description', expect.stringMatching(/\w/))
      }
    }
  })
})
