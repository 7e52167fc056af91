import type { z } from 'zod'
import type { ExitFeatures } from '../backbones/backbone.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { MapShape, Padding } from '../network.ts'
import { windowCount } from '../operation-shape.ts'

/** What a head may know of the place it stands at. */
export interface HeadPlace {
  /** Node of the backbone that it takes. */
  readonly input: string
  /** Shapes of the stages that this exit leaves out, nearest first; empty in the last stage. */
  readonly stagesToCome: readonly MapShape[]
  /** Whether this is the backbone's end. */
  readonly last: boolean
  /** The backbone's own ending (global average pool, for VGG also hidden layers). */
  readonly finish: (builder: GraphBuilder, node: string) => ExitFeatures
}

/** One kind of head: a file of its own, listed in `registry.ts`. */
export interface Head<Schema extends z.ZodType<{ name: string }> = z.ZodType<{ name: string }>> {
  readonly name: string
  readonly title: string
  readonly citation: string
  /** zod strict object with `name: z.literal(...)`. */
  readonly options: Schema
  /** Whether it imitates the stages that its exit leaves out, and so needs a backbone that has such stages. */
  readonly imitatesStages: boolean
  /** Adds the head's nodes, up to what the classifier's linear layer takes. */
  describe(options: z.output<Schema>, builder: GraphBuilder, place: HeadPlace): ExitFeatures
}

/** Global average pool to the feature vector. */
export function poolToFeature(builder: GraphBuilder, featureMap: string): ExitFeatures {
  const feature = builder.add('pool', { kind: 'global-avg-pool' }, featureMap)
  return { featureMap, feature, beforeLogits: feature }
}

/**
 * The padding with which a strided window takes a map to the size that the backbone's stage has: the usual padding
 * where it does (always, for even sizes), no padding where the stage rounded down, `same` where it rounded up. Square maps always
 * have one; where height and width round differently the usual padding stands, and the head ends a pixel off.
 */
export function paddingTowards(
  from: MapShape,
  to: MapShape,
  window: { kernel: number; stride: number; usual: number },
): Padding {
  const candidates: Padding[] = [window.usual, 0, 'same']
  const fits = (padding: Padding) =>
    windowCount(from[0], window.kernel, window.stride, padding) === to[0] &&
    windowCount(from[1], window.kernel, window.stride, padding) === to[1]
  return candidates.find(fits) ?? window.usual
}
