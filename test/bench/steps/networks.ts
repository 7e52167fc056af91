import {
  backboneOptions,
  describeNetwork,
  headOptions,
  type Network,
} from '../../../packages/nn/src/describe/index.ts'

/** A ResNet as every framework of the benchmarks builds it: 3 x 3 stem, basic blocks, a linear classifier after each stage. */
export interface BenchNetwork {
  readonly title: string
  readonly depth: number
  readonly width: number
  readonly stages: number
  /** Height, width, channels. */
  readonly inputShape: readonly [number, number, number]
  readonly classes: number
  readonly batchSize: number
}

export const benchNetworks: Readonly<Record<string, BenchNetwork>> = {
  w16: {
    title: 'ResNet-8, width 16, 28 x 28, 3 exits',
    depth: 8,
    width: 16,
    stages: 3,
    inputShape: [28, 28, 1],
    classes: 10,
    batchSize: 64,
  },
  w32: {
    title: 'ResNet-8, width 32, 28 x 28, 3 exits',
    depth: 8,
    width: 32,
    stages: 3,
    inputShape: [28, 28, 1],
    classes: 10,
    batchSize: 64,
  },
  resnet18: {
    title: 'CIFAR ResNet-18, 32 x 32, 4 exits',
    depth: 18,
    width: 64,
    stages: 4,
    inputShape: [32, 32, 3],
    classes: 100,
    batchSize: 64,
  },
  tiny: {
    title: 'ResNet-8, width 4, 28 x 28, 3 exits, a single image',
    depth: 8,
    width: 4,
    stages: 3,
    inputShape: [28, 28, 1],
    classes: 10,
    batchSize: 1,
  },
  'tiny-resnet18': {
    title: 'CIFAR ResNet-18, width 4, 32 x 32, 4 exits, a single image',
    depth: 18,
    width: 4,
    stages: 4,
    inputShape: [32, 32, 3],
    classes: 100,
    batchSize: 1,
  },
}

export function describeBenchNetwork({ depth, width, stages, inputShape, classes }: BenchNetwork): Network {
  return describeNetwork(
    {
      backbone: backboneOptions.parse({ name: 'resnet', depth, width }),
      exits: Array.from({ length: stages }, (_, k) => ({ after: `stage${k + 1}` })),
      head: headOptions.parse({ name: 'linear' }),
    },
    { inputShape: [...inputShape], classes },
  )
}
