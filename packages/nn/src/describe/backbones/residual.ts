/** What residual networks share: names of their points, stems, and the bottleneck with its projection shortcut. */
import type { GraphBuilder } from '../graph-builder.ts'
import { type AttachPoint, withStagesToCome } from './backbone.ts'

/** Bottleneck blocks of each stage by depth (He et al., CVPR 2016, table 1). */
export const bottleneckStages = {
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
  152: [3, 8, 36, 3],
} as const

/** Names of the points after each block, by stage; the last block's point is the stage's own. */
export function blockPoints(blocks: readonly number[]): string[][] {
  return blocks.map((count, stage) =>
    Array.from({ length: count }, (_, block) =>
      block === count - 1 ? `stage${stage + 1}` : `stage${stage + 1}.block${block}`,
    ),
  )
}

/** `cifar`: 3x3, stride 1. `imagenet`: 7x7 with stride 2, then 3x3 max-pooling with stride 2. */
export function residualStem(g: GraphBuilder, form: 'cifar' | 'imagenet', filters: number): string {
  if (form === 'cifar') return g.convBatchNormRelu('', 'input', { filters, kernel: 3 })
  const x = g.convBatchNormRelu('', 'input', { filters, kernel: 7, stride: 2 })
  return g.add('pool', { kind: 'max-pool', size: 3, stride: 2, padding: 1 }, x)
}

/** relu(branch + shortcut(input)); the shortcut is a 1x1 convolution with batch norm where the shape changes. */
export function addShortcut(g: GraphBuilder, input: string, branch: string, stride: number): string {
  const filters = g.map(branch)[2]
  const keepsShape = stride === 1 && g.map(input)[2] === filters
  const shortcut = keepsShape
    ? input
    : g.batchNorm('shortcut.bn', g.conv('shortcut.conv', input, { filters, kernel: 1, stride, padding: 0 }))
  return g.relu('relu', g.add('add', { kind: 'add' }, branch, shortcut))
}

export interface BottleneckOptions {
  /** Channels of the 3x3 convolution. */
  readonly inner: number
  readonly filters: number
  readonly stride: number
  /** Groups of the 3x3 convolution, 1 by default. */
  readonly groups?: number
}

/** 1x1, 3x3 with the stride, 1x1, each with batch norm, and the shortcut. */
export function bottleneckBlock(g: GraphBuilder, input: string, opts: BottleneckOptions): string {
  const { inner, filters, stride, groups = 1 } = opts
  let x = g.convBatchNormRelu(1, input, { filters: inner, kernel: 1 })
  x = g.convBatchNormRelu(2, x, { filters: inner, kernel: 3, stride, groups })
  x = g.batchNorm('bn3', g.conv('conv3', x, { filters, kernel: 1 }))
  return addShortcut(g, input, x, stride)
}

export interface ResidualPlan {
  /** Blocks of each stage. */
  readonly blocks: readonly number[]
  stem(g: GraphBuilder): string
  /** One block of a stage (0 is the first); `stride` is 2 where a later stage begins. */
  block(g: GraphBuilder, input: string, place: { stage: number; stride: number }): string
}

/** Stem and stages one after the other, with a point after every block. */
export function describeStages(g: GraphBuilder, plan: ResidualPlan): AttachPoint[] {
  const owner = { part: 'backbone', segment: 1 } as const
  let x = g.within({ owner, stage: 'stage1', prefix: 'stem.' }, () => plan.stem(g))
  const points: Omit<AttachPoint, 'stagesToCome'>[] = []
  for (const [stage, names] of blockPoints(plan.blocks).entries()) {
    const stageName = `stage${stage + 1}`
    for (const [block, name] of names.entries()) {
      const stride = stage > 0 && block === 0 ? 2 : 1
      x = g.within({ owner, stage: stageName, prefix: `${stageName}.block${block}.` }, () =>
        plan.block(g, x, { stage, stride }),
      )
      points.push({ name, node: x, nodeCount: g.nodes.length })
    }
  }
  return withStagesToCome(points, g)
}
