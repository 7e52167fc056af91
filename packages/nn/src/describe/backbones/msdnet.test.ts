import { describe, expect, it } from 'vitest'
import { cifar100, described, imagenet } from '../../testing/described.ts'
import { exitCosts, leftOutCosts } from '../costs.ts'
import { attachPoints, backboneOptions } from './registry.ts'

describe('MSDNet, every exit, as its own counter prints them', () => {
  const head = { name: 'msdnet' }
  const anytime = { name: 'msdnet' }
  const budgeted = { name: 'msdnet', growthRate: 6, base: 1, step: 1, stepMode: 'lin_grow' }
  const large = {
    name: 'msdnet',
    nBlocks: 5,
    nChannels: 32,
    grFactor: [1, 2, 4, 4],
    bnFactor: [1, 2, 4, 4],
    stem: 'imagenet',
  }
  const largeHead = { name: 'msdnet', width: 'input' }

  it.each([
    [
      'CIFAR-100 anytime, 7 blocks',
      anytime,
      [56426084, 100998344, 155310892, 198097296, 249534452, 298051160, 340640956],
      [898996, 1835992, 2797212, 3758208, 4915812, 6102472, 7362348],
    ],
    [
      'CIFAR-100 budgeted, 5 blocks',
      { ...budgeted, nBlocks: 5 },
      [6859876, 14350024, 27536684, 41714576, 58480628],
      [299704, 649740, 1018308, 1492424, 2078924],
    ],
    [
      'CIFAR-100 budgeted, 4 blocks',
      { ...budgeted, nBlocks: 4 },
      [6859876, 14350024, 26127404, 38042768],
      undefined,
    ],
    [
      'CIFAR-100 budgeted, 7 blocks',
      { ...budgeted, nBlocks: 7 },
      [6859876, 14350024, 27291436, 48448912, 76432628, 108850520, 137280956],
      undefined,
    ],
  ])('%s', (_title, backbone, ops, parameters) => {
    const after = attachPoints(backboneOptions.parse(backbone))
    const costs = exitCosts(described({ backbone, head, after }, cifar100), 'msdnet-ops')
    expect(costs.map(({ sequentialMacs }) => sequentialMacs)).toEqual(ops)
    if (parameters) expect(costs.map(({ parametersSequential }) => parametersSequential)).toEqual(parameters)
  })

  it.each([
    [
      4,
      [339902824, 685456720, 1008156120, 1254472688, 1360529624],
      [4238504, 8772240, 13073272, 16748416, 23958440],
    ],
    [
      7,
      [615692968, 1436392016, 2283210200, 2967421456, 3253794488],
      [8759240, 20154896, 31730040, 41860288, 62314472],
    ],
  ])('ImageNet, base and step %i', (step, ops, parameters) => {
    const backbone = { ...large, base: step, step }
    const after = attachPoints(backboneOptions.parse(backbone))
    const costs = exitCosts(described({ backbone, head: largeHead, after }, imagenet), 'msdnet-ops')
    expect(costs.map(({ sequentialMacs }) => sequentialMacs)).toEqual(ops)
    expect(costs.map(({ parametersSequential }) => parametersSequential)).toEqual(parameters)
  })

  it('with four scales over five layers, says what the release counts and no exit reads', () => {
    // MSDNet-PyTorch's models/msdnet.py under its op_counter.py: 64 x 64, 100 classes.
    const release = {
      ops: [106421860, 181349576, 241326892, 294300048],
      parameters: [728180, 1331832, 1920028, 2504448],
    }
    const scales = [1, 2, 4, 4]
    const backbone = { name: 'msdnet', nBlocks: 4, base: 2, step: 1, grFactor: scales, bnFactor: scales }
    const after = attachPoints(backboneOptions.parse(backbone))
    const input = { inputShape: [64, 64, 3], classes: 100 } as const
    const net = described({ backbone, head, after }, input)
    const leftOut = leftOutCosts(net, 'msdnet-ops')
    expect(leftOut.map(({ name, exit }) => [name, exit])).toEqual([
      ['block3.layer0.scale2', 3],
      ['block4.layer0.scale3', 4],
    ])
    const withLeftOut = exitCosts(net, 'msdnet-ops').map(({ k, sequentialMacs, parametersSequential }) => {
      const computed = leftOut.filter(({ exit }) => exit <= k)
      return {
        ops: computed.reduce((sum, { ops }) => sum + ops, sequentialMacs),
        parameters: computed.reduce((sum, { parameters }) => sum + parameters, parametersSequential),
      }
    })
    expect(withLeftOut.map(({ ops }) => ops)).toEqual(release.ops)
    expect(withLeftOut.map(({ parameters }) => parameters)).toEqual(release.parameters)
    expect(leftOutCosts(described({ backbone: anytime, head, after: ['block7'] }, cifar100), 'macs')).toEqual(
      [],
    )
  })

  it('counts convolution and linear layers alone under macs', () => {
    const after = attachPoints(backboneOptions.parse(anytime))
    const costs = exitCosts(described({ backbone: anytime, head, after }, cifar100), 'macs')
    expect(costs.map(({ sequentialMacs }) => sequentialMacs)).toEqual([
      56029696, 100410368, 154555904, 197232640, 248560128, 297004032, 339549696,
    ])
  })
})
