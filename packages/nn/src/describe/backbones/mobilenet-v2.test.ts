import { describe, expect, it } from 'vitest'
import { cifar100, described, imagenet, prefixCosts } from '../../testing/described.ts'
import { costLedger, exitCosts } from '../costs.ts'
import { attachPoints, backboneOptions } from './registry.ts'

const onImagenet = { name: 'mobilenet-v2', stem: 'imagenet' }
const onCifar = { name: 'mobilenet-v2', activation: 'relu' }

describe('mobilenet-v2 on ImageNet (torchvision)', () => {
  it('costs the same up to each row of table 2 and as a whole', () => {
    // The ends of the rows: 16, 24, 32, 64, 96, 160, 320, 1280 channels.
    const after = [
      'stage1',
      'stage2',
      'stage3',
      'stage4.block3',
      'stage4',
      'stage5.block2',
      'stage5.block3',
      'stage5',
    ]
    expect(prefixCosts(described({ backbone: onImagenet, after }, imagenet))).toEqual([
      [20873216, 1824],
      [75815936, 15792],
      [113259776, 55488],
      [151757312, 239360],
      [209861120, 542528],
      [256421312, 1337792],
      [279423872, 1811712],
      [299494272, 2223872],
    ])
    const [whole] = exitCosts(described({ backbone: onImagenet }, imagenet), 'macs')
    expect(whole).toMatchObject({ isolatedMacs: 300774272, parametersIsolated: 3504872 })
  })

  it('halves the map five times', () => {
    const after = ['stage1', 'stage2', 'stage3', 'stage4', 'stage5']
    const network = described({ backbone: onImagenet, after }, imagenet)
    const shapes = new Map(network.nodes.map(({ name, shape }) => [name, shape]))
    expect(network.exits.map(({ featureMap }) => shapes.get(featureMap))).toEqual([
      [112, 112, 16],
      [56, 56, 24],
      [28, 28, 32],
      [14, 14, 96],
      [7, 7, 1280],
    ])
  })
})

describe('mobilenet-v2 on CIFAR-100 (LOTH)', () => {
  it('has four stages and 2.352 M parameters', () => {
    const after = ['stage1', 'stage2', 'stage3', 'stage4']
    const network = described({ backbone: onCifar, after }, cifar100)
    const shapes = new Map(network.nodes.map(({ name, shape }) => [name, shape]))
    expect(network.exits.map(({ featureMap }) => shapes.get(featureMap))).toEqual([
      [32, 32, 24],
      [16, 16, 32],
      [8, 8, 96],
      [4, 4, 1280],
    ])
    const [whole] = exitCosts(described({ backbone: onCifar }, cifar100), 'macs')
    expect(whole?.parametersIsolated).toBe(2223872 + 1280 * 100 + 100)
    expect(((whole?.isolatedMacs ?? 0) / 1e6).toFixed(1)).toBe('88.1')
  })
})

describe('mobilenet-v2’s options', () => {
  it('multiplies widths to multiples of eight, the last one by no less than 1', () => {
    const widths = (widthMultiplier: number) =>
      described({ backbone: { name: 'mobilenet-v2', widthMultiplier } }, cifar100)
        .nodes.filter(({ name }) => /^stem\.conv$|conv3$|last\.conv$/.test(name))
        .map(({ shape }) => shape.at(-1))
    expect(widths(0.35).filter((width, i, all) => width !== all[i - 1])).toEqual([
      16, 8, 16, 24, 32, 56, 112, 1280,
    ])
    expect(widths(1.4).at(-1)).toBe(1792)
  })

  it('adds x where a block keeps its shape, and widens nowhere but by t', () => {
    const ledger = costLedger(described({ backbone: onCifar }, cifar100), 'macs')
    expect(ledger.filter(({ kind }) => kind === 'add')).toHaveLength(10)
    expect(ledger.filter(({ kind }) => kind === 'depthwise-conv')).toHaveLength(17)
    expect(ledger.some(({ name }) => name === 'stage1.block0.conv1')).toBe(false)
  })

  it('drops before the last classifier alone', () => {
    const backbone = { name: 'mobilenet-v2', dropout: 0.2 }
    const network = described({ backbone, after: ['stage3', 'stage4'] }, cifar100)
    const [only, ...others] = network.nodes.filter(({ operation }) => operation.kind === 'dropout')
    expect([only?.name, others]).toEqual(['head2.dropout', []])
  })

  it('has a point after every block and one at the end', () => {
    const points = attachPoints(backboneOptions.parse(onCifar))
    expect(points).toHaveLength(18)
    expect(points.slice(0, 4)).toEqual(['stage1.block0', 'stage1.block1', 'stage1', 'stage2.block0'])
    expect(points.slice(-2)).toEqual(['stage4.block3', 'stage4'])
  })
})
