import type { z } from 'zod'
import type { BatchNormOptions } from '../batch-norm-options.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { MapShape } from '../network.ts'

/** A place in a backbone where an exit can stand. */
export interface AttachPoint {
  readonly name: string
  /** Node whose output the head takes. */
  readonly node: string
  /** How many of the builder's nodes stand up to here: what the backbone costs until this exit. */
  readonly nodeCount: number
  /**
   * Output shapes of the down-sampling stages that are still to come, nearest first; the last one is the shape of
   * the backbone's final map. Empty in the last stage.
   */
  readonly stagesToCome: readonly MapShape[]
}

/** What an exit reads its logits from. */
export interface ExitFeatures {
  readonly featureMap: string
  readonly feature: string
  /** Node that the classifier's linear layer takes: the feature, or hidden layers behind it. */
  readonly beforeLogits: string
}

export interface DescribedBackbone {
  /** In the order of the forward pass; the last one is the backbone's end. */
  readonly attachPoints: readonly AttachPoint[]
  /**
   * What stands between a point and any head, where a point's map is not activated: a batch norm and ReLU of
   * pre-activated networks. Called in the head's scope, so that each exit has its own.
   */
  readonly beforeHead?: (builder: GraphBuilder, node: string) => string
  /** The backbone's own ending, where it is more than a global average pool. Called in the last head's scope. */
  readonly finish?: (builder: GraphBuilder, node: string) => ExitFeatures
}

/** One family of backbones: a file of its own, listed in `registry.ts`. */
export interface Backbone<Schema extends z.ZodType<{ name: string }> = z.ZodType<{ name: string }>> {
  readonly name: string
  readonly title: string
  readonly citation: string
  /** zod strict object with `name: z.literal(...)`. */
  readonly options: Schema
  /** Whether later stages halve the map, so that heads which imitate the missing stages have something to imitate. */
  readonly downSamples: boolean
  attachPoints(options: z.output<Schema>): readonly string[]
  describe(options: z.output<Schema>, builder: GraphBuilder): DescribedBackbone
  /** Undefined where the backbone has no batch normalisation; heads then take the defaults. */
  batchNorm(options: z.output<Schema>): BatchNormOptions | undefined
}

/** `beforeHead` of pre-activated networks: `preact.bn` and `preact.relu`. */
export function activate(builder: GraphBuilder, node: string): string {
  return builder.batchNormRelu('', node, 'preact.')
}

/** Fills `stagesToCome` from the points' maps: `stage2.block0` still has stages 3, 4, ... to come. */
export function withStagesToCome(
  points: readonly Omit<AttachPoint, 'stagesToCome'>[],
  builder: GraphBuilder,
): AttachPoint[] {
  const stageOf = (name: string) => name.split('.')[0] ?? name
  const stageShapes = new Map<string, MapShape>()
  for (const point of points) stageShapes.set(stageOf(point.name), builder.map(point.node))
  const stages = [...stageShapes.keys()]
  return points.map((point) => ({
    ...point,
    stagesToCome: stages
      .slice(stages.indexOf(stageOf(point.name)) + 1)
      .map((stage) => stageShapes.get(stage) ?? builder.map(point.node)),
  }))
}
