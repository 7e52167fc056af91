import { describe, expect, it } from 'vitest'
import { cifar100, described, imagenet, prefixCosts } from '../../testing/described.ts'
import { exitCosts } from '../costs.ts'
import type { NetworkInput } from '../describe-network.ts'
import { attachPoints, backboneOptions } from './registry.ts'

const stages3 = ['stage1', 'stage2', 'stage3']
const stages4 = [...stages3, 'stage4']
const plain = (depth: number, growthRate: number) => ({ name: 'densenet', depth, growthRate, bc: false })
const bc = (depth: number, growthRate: number) => ({ name: 'densenet', depth, growthRate })
const torchvision = (depth: number) => ({ name: 'densenet', depth, stem: 'imagenet' })

function wholeOf(backbone: { name: string }, input: NetworkInput) {
  const [whole] = exitCosts(described({ backbone }, input), 'macs')
  return [whole?.isolatedMacs, whole?.parametersIsolated]
}

describe('densenet on CIFAR-100: up to each block, then the whole network', () => {
  it.each([
    [plain(100, 12), [715309056, 1397604352, 1769504768, 1769621568], [711472, 2934992, 6965616, 7084852]],
    [
      plain(100, 24),
      [2746662912, 5421580288, 6889324544, 6889556544],
      [2707120, 11387600, 27221232, 27457972],
    ],
    [bc(100, 12), [175251456, 259301376, 287926272, 287960472], [176328, 442968, 765048, 800032]],
    [bc(190, 40), [5284413440, 8233533440, 9301923840, 9302142840], [5212640, 14209720, 25598140, 25821620]],
    [bc(250, 24), [2999992320, 4766515200, 5418768384, 5418941784], [2980848, 8375400, 15303588, 15480556]],
  ])('%j', (backbone, macs, parameters) => {
    const prefixes = prefixCosts(described({ backbone, after: stages3 }, cifar100))
    const whole = wholeOf(backbone, cifar100)
    expect([...prefixes.map(([count]) => count), whole[0]]).toEqual(macs)
    expect([...prefixes.map(([, count]) => count), whole[1]]).toEqual(parameters)
  })

  it('121 with the 3x3 stem', () => {
    const backbone = { name: 'densenet', depth: 121 }
    expect(prefixCosts(described({ backbone, after: stages4 }, cifar100))).toEqual([
      [341508096, 336768],
      [607846400, 1289728],
      [820707328, 4259584],
      [888340480, 6944000],
    ])
    expect(wholeOf(backbone, cifar100)).toEqual([888442880, 7048548])
  })

  it('BC-100-12 with ten classes', () => {
    expect(wholeOf(bc(100, 12), { ...cifar100, classes: 10 })).toEqual([287929692, 769162])
  })
})

describe('densenet on ImageNet (torchvision)', () => {
  it('121, up to each block and as a whole', () => {
    expect(prefixCosts(described({ backbone: torchvision(121), after: stages4 }, imagenet))).toEqual([
      [1158463488, 344576],
      [1974124544, 1297536],
      [2626011136, 4267392],
      [2833137664, 6951808],
    ])
    expect(wholeOf(torchvision(121), imagenet)).toEqual([2834161664, 7978856])
  })

  it('161', () => {
    expect(wholeOf(torchvision(161), imagenet)).toEqual([7727907072, 28681000])
  })

  it.each([
    [169, 14149480, '3.360'],
    [201, 20013928, '4.291'],
  ])(
    '%i has the parameters and, to three digits, the MACs of its weights’ metadata',
    (depth, parameters, giga) => {
      const [macs, count] = wholeOf(torchvision(depth), imagenet)
      expect(count).toBe(parameters)
      expect(((macs ?? 0) / 1e9).toFixed(3)).toBe(giga)
    },
  )
})

describe('densenet’s layers and options', () => {
  it('a layer reads all that came before it in its block', () => {
    const network = described({ backbone: { ...plain(10, 4) }, after: ['stage1.layer0', 'stage3'] }, cifar100)
    const shapes = new Map(network.nodes.map(({ name, shape }) => [name, shape]))
    expect(shapes.get('stage1.layer0.concat')).toEqual([32, 32, 16 + 4])
    expect(shapes.get('stage1.layer1.concat')).toEqual([32, 32, 16 + 8])
    expect(shapes.get('stage2.transition.pool')).toEqual([16, 16, 24])
    expect(network.nodes.find(({ name }) => name === 'head1.preact.bn')?.inputs).toEqual([
      'stage1.layer0.concat',
    ])
  })

  it('has a point after every layer', () => {
    expect(attachPoints(backboneOptions.parse({ name: 'densenet', depth: 16 }))).toEqual([
      'stage1.layer0',
      'stage1',
      'stage2.layer0',
      'stage2',
      'stage3.layer0',
      'stage3',
    ])
    expect(attachPoints(backboneOptions.parse({ name: 'densenet', depth: 121 }))).toHaveLength(58)
  })

  it.each([
    { name: 'densenet', depth: 41 },
    { name: 'densenet', depth: 25 },
    { name: 'densenet', depth: 121, bc: false },
  ])('refuses %j', (options) => {
    expect(backboneOptions.safeParse(options).success).toBe(false)
  })
})
