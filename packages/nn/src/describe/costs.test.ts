import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cifar100, described, imagenet, type Named } from '../testing/described.ts'
import { attachPoints, backboneOptions } from './backbones/registry.ts'
import { costLedger, exitCosts } from './costs.ts'
import { parameterDescriptions } from './parameters.ts'

const stages4 = ['stage1', 'stage2', 'stage3', 'stage4']

describe('plain networks, 224 x 224, 1000 classes (torchvision weights metadata)', () => {
  const resnet = { name: 'resnet', stem: 'imagenet' }
  const vgg = { name: 'vgg', classifier: 'imagenet', batchNorm: false }
  const table = [
    [{ ...resnet, depth: 18 }, 1814073344, 11689512],
    [{ ...resnet, depth: 34 }, 3663761408, 21797672],
    [{ ...resnet, depth: 50 }, 4089184256, 25557032],
    [{ ...resnet, depth: 101 }, 7801405440, 44549160],
    [{ ...resnet, depth: 152 }, 11513626624, 60192808],
    [{ ...vgg, depth: 11 }, 7609090048, 132863336],
    [{ ...vgg, depth: 16 }, 15470264320, 138357544],
    [{ name: 'vgg', classifier: 'imagenet', depth: 16 }, 15470264320, 138365992],
    [{ ...vgg, depth: 19 }, 19632062464, 143667240],
  ] as const
  it.each(table)('%j: %i MACs, %i parameters', (backbone, macs, parameters) => {
    const [cost] = exitCosts(described({ backbone }, imagenet), 'macs')
    expect(cost).toMatchObject({ isolatedMacs: macs, parametersIsolated: parameters })
  })

  it.each([
    [{ ...resnet, depth: 18 }, 2483712, 2308096],
    [{ ...resnet, depth: 34 }, 3738112, 3562496],
    [{ ...resnet, depth: 50 }, 11113984, 9608704],
    [{ ...resnet, depth: 101 }, 16231936, 14726656],
    [{ ...resnet, depth: 152 }, 22554112, 21048832],
    [{ ...vgg, depth: 11 }, 0, 7426048],
    [{ ...vgg, depth: 16 }, 0, 13547520],
    [{ name: 'vgg', classifier: 'imagenet', depth: 16 }, 13547520, 13547520],
    [{ ...vgg, depth: 19 }, 0, 14852096],
  ] as const)(
    '%j: %i elements enter a batch norm, %i a ReLU on a feature map',
    (backbone, batchNorm, relu) => {
      const elements = { 'batch-norm': 0, relu: 0 }
      for (const { kind, outputShape } of costLedger(described({ backbone }, imagenet), 'macs')) {
        if (kind !== 'batch-norm' && kind !== 'relu') continue
        if (outputShape.length === 3) elements[kind] += outputShape[0] * outputShape[1] * outputShape[2]
      }
      expect(elements).toEqual({ 'batch-norm': batchNorm, relu })
    },
  )
})

describe('plain networks at other sizes', () => {
  it.each([
    [{ depth: 18 }, 32, 100, 555468800, 11220132],
    [{ depth: 18 }, 32, 10, 555422720, 11173962],
    [{ depth: 18 }, 64, 200, 2221772800, 11271432],
    [{ depth: 34 }, 32, 100, 1159448576, 21328292],
    [{ depth: 50 }, 32, 100, 1298014208, 23705252],
    [{ depth: 101 }, 32, 100, 2510168064, 42697380],
    [{ depth: 152 }, 32, 100, 3722321920, 58341028],
    [{ depth: 20 }, 32, 10, 40813184, 272474],
    [{ depth: 56 }, 32, 10, 125747840, 855770],
    [{ depth: 18, stem: 'imagenet' }, 224, 200, 1813663744, 11279112],
    [{ depth: 50, stem: 'imagenet' }, 224, 200, 4087545856, 23917832],
  ] as const)('resnet %j at %i px, %i classes', (options, size, classes, macs, parameters) => {
    const backbone = { name: 'resnet', ...options }
    const [cost] = exitCosts(described({ backbone }, { inputShape: [size, size, 3], classes }), 'macs')
    expect(cost).toMatchObject({ isolatedMacs: macs, parametersIsolated: parameters })
  })
})

describe('published head designs on CIFAR-100', () => {
  const resnet18 = { backbone: { name: 'resnet', depth: 18 }, after: stages4 }
  const resnet34 = { backbone: { name: 'resnet', depth: 34 }, after: stages4 }
  const resnet50 = { backbone: { name: 'resnet', depth: 50 }, after: stages4 }
  const vggAfter = ['stage2', 'stage3', 'stage4', 'stage5']
  const vgg16 = { backbone: { name: 'vgg', depth: 16, classifier: 'mlp' }, after: vggAfter }
  const vgg19 = { backbone: { name: 'vgg', depth: 19, classifier: 'mlp' }, after: vggAfter }

  it.each([
    [resnet18, 'eed', 1, 209438720, 209438720, 1751204],
    [resnet18, 'eed', 2, 324782080, 381456384, 2202788],
    [resnet18, 'eed', 3, 440125440, 534599680, 4007076],
    [resnet18, 'eed', 4, 555468800, 668868608, 11220132],
    [resnet18, 'bottleneck', 1, 303810560, 303810560, 3819172],
    [resnet18, 'bottleneck', 2, 387696640, 538742784, 4171940],
    [resnet18, 'bottleneck', 3, 471582720, 723343360, 5581988],
    [resnet18, 'bottleneck', 4, 555468800, 857612288, 11220132],
    [resnet18, 'byot', 1, 179030016, 179030016, 1325732],
    [resnet18, 'byot', 2, 296470528, 322736128, 1073060],
    [resnet18, 'byot', 3, 425445376, 461199360, 2992548],
    [resnet18, 'byot', 4, 555468800, 595468288, 11220132],
    [resnet18, 'separable', 1, 165160960, 165160960, 479652],
    [resnet18, 'separable', 4, 555468800, 582115328, 11220132],
    [resnet50, 'bottleneck', 1, 2635997184, 2635997184, 58246820],
    [resnet50, 'bottleneck', 4, 1298014208, 6130466816, 23705252],
    [vgg16, 'bottleneck', 1, 211535872, 211535872, 6643748],
    [vgg16, 'bottleneck', 2, 255576064, 370970624, 7430180],
    [vgg16, 'bottleneck', 3, 299616256, 480073728, 10575908],
    [vgg16, 'bottleneck', 4, 313772032, 508960768, 15295524],
  ])('%j with %s heads, exit %i', (model, head, k, isolatedMacs, sequentialMacs, parametersIsolated) => {
    const costs = exitCosts(described({ ...model, head: { name: head } }, cifar100), 'macs')
    expect(costs[k - 1]).toMatchObject({ k, isolatedMacs, sequentialMacs, parametersIsolated })
  })

  // Wang, Hao, Wu, Bai, ACM MM 2024 (LOTH): parameters in millions as printed.
  it.each([
    [resnet18, 100, [3.82, 4.17, 5.58, 11.22]],
    [resnet34, 100, [3.89, 4.84, 10.97, 21.33]],
    [vgg16, 100, [6.64, 7.43, 10.58, 15.3]],
    [vgg19, 100, [6.64, 8.02, 13.53, 20.61]],
    [resnet18, 200, [3.87, 4.22, 5.63, 11.27]],
  ])('%j, %i classes, has the parameters that LOTH prints', (model, classes, millions) => {
    const costs = exitCosts(
      described({ ...model, head: { name: 'bottleneck' } }, { ...cifar100, classes }),
      'macs',
    )
    expect(costs.map((cost) => Math.round(cost.parametersIsolated / 1e4) / 100)).toEqual(millions)
  })

  it('has the separable heads that ECSD and DFS share, exits 2 and 3', () => {
    const costs = exitCosts(described({ ...resnet18, head: { name: 'separable' } }, cifar100), 'macs')
    const millions = costs.map(({ isolatedMacs }) => Math.round(isolatedMacs / 1e4) / 100)
    expect(millions).toEqual([165.16, 295.79, 426.64, 555.47])
  })
})

describe('laws of the cost ledger', () => {
  const someNetwork = fc
    .record({
      backbone: fc.constantFrom<Named>(
        { name: 'resnet', depth: 8, width: 4 },
        { name: 'resnet', depth: 18, width: 3 },
        { name: 'resnet', depth: 50, width: 2 },
        { name: 'vgg', depth: 13, width: 2 },
        { name: 'vgg', depth: 16, width: 2, batchNorm: false, classifier: 'mlp' },
        { name: 'wide-resnet', depth: 16, widen: 2 },
        { name: 'resnext', depth: 20, cardinality: 4, baseWidth: 32, width: 8 },
        { name: 'densenet', depth: 22, growthRate: 5 },
        { name: 'densenet', depth: 19, growthRate: 4, bc: false },
        { name: 'mobilenet-v2', widthMultiplier: 0.25 },
      ),
      head: fc.constantFrom('linear', 'eed', 'bottleneck', 'byot', 'separable'),
      side: fc.integer({ min: 17, max: 40 }),
      classes: fc.integer({ min: 2, max: 20 }),
      picks: fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
    })
    .map(({ backbone, head, side, classes, picks }) => {
      const points = attachPoints(backboneOptions.parse(backbone))
      const after = points.filter((_, index) => picks[index] || index === points.length - 1)
      return described({ backbone, head: { name: head }, after }, { inputShape: [side, side, 1], classes })
    })

  it('isolated never exceeds sequential, sequential grows, and the last one is everything', () => {
    fc.assert(
      fc.property(someNetwork, fc.constantFrom('macs' as const, 'msdnet-ops' as const), (net, convention) => {
        const costs = exitCosts(net, convention)
        let previous = { sequentialMacs: 0, parametersSequential: 0 }
        for (const cost of costs) {
          expect(cost.isolatedMacs).toBeLessThanOrEqual(cost.sequentialMacs)
          expect(cost.parametersIsolated).toBeLessThanOrEqual(cost.parametersSequential)
          expect(cost.sequentialMacs).toBeGreaterThan(previous.sequentialMacs)
          expect(cost.parametersSequential).toBeGreaterThan(previous.parametersSequential)
          previous = cost
        }
        const total = costLedger(net, convention).reduce((sum, { ops }) => sum + ops, 0)
        expect(previous.sequentialMacs).toBe(total)
        const trainable = parameterDescriptions(net).filter((parameter) => parameter.trainable)
        const sizes = trainable.map(({ shape }) => shape.reduce((product, length) => product * length, 1))
        expect(previous.parametersSequential).toBe(sizes.reduce((sum, size) => sum + size, 0))
      }),
      { numRuns: 60 },
    )
  })

  it('heads that imitate stages end at the last stage’s shape, whatever the size of a square image', () => {
    fc.assert(
      fc.property(someNetwork, (net) => {
        const shapes = new Map(net.nodes.map(({ name, shape }) => [name, shape]))
        const last = net.exits.at(-1)
        const imitates = net.nodes.some(({ name }) => /^head1\.(block\d+\.|depthwise|conv\d)/.test(name))
        fc.pre(imitates)
        const [height, width, channels] = shapes.get(last?.featureMap ?? '') ?? []
        for (const { after, featureMap } of net.exits) {
          // Within the last stage nothing is left to imitate, and DenseNet and MobileNetV2 still widen.
          const isWithinLast = after.startsWith(`${last?.after}.`)
          expect(shapes.get(featureMap)?.slice(0, 2)).toEqual([height, width])
          if (!isWithinLast) expect(shapes.get(featureMap)?.[2]).toBe(channels)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('a row says where it belongs', () => {
    const net = described({ backbone: { name: 'resnet', depth: 8 }, after: ['stage1', 'stage3'] }, cifar100)
    const rows = new Map(costLedger(net, 'macs').map((row) => [row.name, row]))
    expect(rows.get('stage2.block0.conv1')).toEqual({
      name: 'stage2.block0.conv1',
      kind: 'conv',
      macs: 16 * 16 * 32 * 9 * 16,
      ops: 16 * 16 * 32 * 9 * 16,
      parameters: 9 * 16 * 32,
      outputShape: [16, 16, 32],
      stage: 'stage2',
    })
    expect(rows.get('head1.classifier')).toMatchObject({
      macs: 1600,
      parameters: 1700,
      stage: 'head1',
      exit: 1,
    })
  })
})
