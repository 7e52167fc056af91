import { describe, expect, it } from 'vitest'
import { cifar100, described, imagenet, prefixCosts } from '../../testing/described.ts'
import { exitCosts } from '../costs.ts'
import { attachPoints, backboneOptions } from './registry.ts'

const stages = ['stage1', 'stage2', 'stage3']
const wrn = (depth: number, widen: number) => ({ name: 'wide-resnet', depth, widen })

describe('wide-resnet on CIFAR-100', () => {
  // szagoruyko/wide-residual-networks at 39a0e44, pytorch/resnet.py: up to each stage, then the whole network.
  it.each([
    [16, 2, [33996800, 67551232, 101105664, 101118464], [33424, 164944, 690128, 703284]],
    [16, 4, [124174336, 258392064, 392609792, 392635392], [121680, 646864, 2745808, 2772020]],
    [16, 8, [474398720, 1011269632, 1548140544, 1548191744], [464080, 2563024, 10955216, 11007540]],
    [22, 8, [776388608, 1615249408, 2454110208, 2454161408], [759504, 4039120, 17151952, 17204276]],
    [28, 4, [275169280, 560381952, 845594624, 845620224], [269648, 1385680, 5845968, 5872180]],
    [28, 10, [1678163968, 3460743168, 5243322368, 5243386368], [1641104, 8609104, 36471504, 36536884]],
    [40, 2, [109494272, 218546176, 327598080, 327610880], [107664, 535120, 2242000, 2255156]],
    [40, 4, [426164224, 862371840, 1298579456, 1298605056], [417616, 2124496, 8946128, 8972340]],
  ])('WRN-%i-%i', (depth, widen, macs, parameters) => {
    const prefixes = prefixCosts(described({ backbone: wrn(depth, widen), after: stages }, cifar100))
    const [whole] = exitCosts(described({ backbone: wrn(depth, widen) }, cifar100), 'macs')
    expect([...prefixes.map(([count]) => count), whole?.isolatedMacs]).toEqual(macs)
    expect([...prefixes.map(([, count]) => count), whole?.parametersIsolated]).toEqual(parameters)
  })

  it('costs nothing more with dropout', () => {
    const withDropout = described({ backbone: { ...wrn(16, 2), dropout: 0.3 } }, cifar100)
    expect(withDropout.nodes.filter(({ operation }) => operation.kind === 'dropout')).toHaveLength(6)
    expect(exitCosts(withDropout, 'macs')).toEqual(
      exitCosts(described({ backbone: wrn(16, 2) }, cifar100), 'macs'),
    )
  })

  it('activates what an exit takes, and each head pays for that', () => {
    const network = described({ backbone: wrn(10, 1), after: stages }, cifar100)
    const inputs = new Map(network.nodes.map(({ name, inputs: from }) => [name, from]))
    expect(inputs.get('head2.pool')).toEqual(['head2.preact.relu'])
    expect(inputs.get('head2.preact.bn')).toEqual(['stage2.block0.add'])
    const [first, , last] = exitCosts(network, 'macs')
    // Batch norm of 16 and 64 channels, linear layer to 100 classes.
    expect((first?.parametersIsolated ?? 0) - (prefixCosts(network)[0]?.[1] ?? 0)).toBe(32 + 1700)
    expect((last?.parametersIsolated ?? 0) - (prefixCosts(network)[2]?.[1] ?? 0)).toBe(128 + 6500)
  })
})

describe('wide-resnet on ImageNet (torchvision)', () => {
  it('WRN-50-2, up to each stage and as a whole', () => {
    const backbone = { ...wrn(50, 2), stem: 'imagenet' }
    const network = described({ backbone, after: [...stages, 'stage4'] }, imagenet)
    expect(prefixCosts(network)).toEqual([
      [2096152576, 643904],
      [4973445120, 4126528],
      [9186623488, 24862528],
      [11395973120, 66834240],
    ])
    const [whole] = exitCosts(described({ backbone }, imagenet), 'macs')
    expect(whole).toMatchObject({ isolatedMacs: 11398021120, parametersIsolated: 68883240 })
  })

  it('WRN-101-2 has the parameters and, to three digits, the MACs of its weights’ metadata', () => {
    const [whole] = exitCosts(described({ backbone: { ...wrn(101, 2), stem: 'imagenet' } }, imagenet), 'macs')
    expect(whole?.parametersIsolated).toBe(126886696)
    expect(Math.round((whole?.isolatedMacs ?? 0) / 1e6)).toBe(22753)
  })
})

describe('wide-resnet’s options', () => {
  it('has a point after every block', () => {
    expect(attachPoints(backboneOptions.parse(wrn(16, 1)))).toEqual([
      'stage1.block0',
      'stage1',
      'stage2.block0',
      'stage2',
      'stage3.block0',
      'stage3',
    ])
    expect(attachPoints(backboneOptions.parse(wrn(101, 2)))).toHaveLength(33)
  })

  it.each([
    { name: 'wide-resnet', depth: 18, widen: 2 },
    { name: 'wide-resnet', depth: 16 },
    { name: 'wide-resnet', depth: 50, widen: 2, dropout: 0.3 },
  ])('refuses %j', (options) => {
    expect(backboneOptions.safeParse(options).success).toBe(false)
  })
})
