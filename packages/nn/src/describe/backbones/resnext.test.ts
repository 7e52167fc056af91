import { describe, expect, it } from 'vitest'
import { cifar100, described, imagenet, prefixCosts } from '../../testing/described.ts'
import { exitCosts } from '../costs.ts'
import { parameterDescriptions } from '../parameters.ts'
import { attachPoints, backboneOptions } from './registry.ts'

const stages = ['stage1', 'stage2', 'stage3']
const resnext = (depth: number, cardinality: number, baseWidth: number, stem = 'cifar') => ({
  name: 'resnext',
  depth,
  cardinality,
  baseWidth,
  stem,
})

function wholeOf(backbone: ReturnType<typeof resnext>, input: typeof cifar100 | typeof imagenet) {
  const [whole] = exitCosts(described({ backbone }, input), 'macs')
  return [whole?.isolatedMacs, whole?.parametersIsolated]
}

describe('resnext on CIFAR-100', () => {
  it('29, 8x64d: up to each stage and as a whole', () => {
    const backbone = resnext(29, 8, 64)
    expect(prefixCosts(described({ backbone, after: stages }, cifar100))).toEqual([
      [1629159424, 1599296],
      [3508207616, 8169280],
      [5387255808, 34416448],
    ])
    expect(wholeOf(backbone, cifar100)).toEqual([5387358208, 34518948])
  })

  it('29, 16x64d, worked out layer by layer', () => {
    expect(wholeOf(resnext(29, 16, 64), cifar100)).toEqual([10688958464, 68247460])
  })
})

describe('resnext on ImageNet (torchvision)', () => {
  it('50, 32x4d: up to each stage and as a whole', () => {
    const backbone = resnext(50, 32, 4, 'imagenet')
    expect(prefixCosts(described({ backbone, after: [...stages, 'stage4'] }, imagenet))).toEqual([
      [752238592, 215360],
      [1837645824, 1412416],
      [3362996224, 8435008],
      [4228431872, 22979904],
    ])
    expect(wholeOf(backbone, imagenet)).toEqual([4230479872, 25028904])
  })

  it('101, 32x8d', () => {
    expect(wholeOf(resnext(101, 32, 8, 'imagenet'), imagenet)).toEqual([16414015488, 88791336])
  })

  it('101, 64x4d has the parameters and the MACs, as far as they are printed, of its weights’ metadata', () => {
    const [macs, parameters] = wholeOf(resnext(101, 64, 4, 'imagenet'), imagenet)
    expect(parameters).toBe(83455272)
    expect(((macs ?? 0) / 1e9).toFixed(2)).toBe('15.46')
  })
})

describe('resnext’s options', () => {
  it('groups double their width with the stages, and the filters see one group each', () => {
    const network = described({ backbone: resnext(11, 4, 16) }, cifar100)
    const kernels = new Map(parameterDescriptions(network).map(({ name, shape }) => [name, shape]))
    expect(kernels.get('stage1.block0.conv2.weight')).toEqual([3, 3, 16, 64])
    expect(kernels.get('stage3.block0.conv2.weight')).toEqual([3, 3, 64, 256])
  })

  it('with one group of 64 channels is ResNet', () => {
    const dense = exitCosts(
      described({ backbone: { name: 'resnet', depth: 50, stem: 'imagenet' } }, imagenet),
      'macs',
    )
    expect(wholeOf(resnext(50, 1, 64, 'imagenet'), imagenet)).toEqual([
      dense[0]?.isolatedMacs,
      dense[0]?.parametersIsolated,
    ])
  })

  it('has a point after every block', () => {
    expect(attachPoints(backboneOptions.parse(resnext(20, 4, 16)))).toEqual([
      'stage1.block0',
      'stage1',
      'stage2.block0',
      'stage2',
      'stage3.block0',
      'stage3',
    ])
  })

  it.each([resnext(30, 8, 64), resnext(29, 0, 64), { name: 'resnext', depth: 29, cardinality: 8 }])(
    'refuses %j',
    (options) => {
      expect(backboneOptions.safeParse(options).success).toBe(false)
    },
  )
})
