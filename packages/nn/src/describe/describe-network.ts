import { BenchError, didYouMean } from '@mate-bench/schema'
import type { AttachPoint } from './backbones/backbone.ts'
import { attachPoints, type BackboneOptions, backboneOf } from './backbones/registry.ts'
import { defaultBatchNorm } from './batch-norm-options.ts'
import { GraphBuilder } from './graph-builder.ts'
import { poolToFeature } from './heads/head.ts'
import { type HeadOptions, headOf, heads } from './heads/registry.ts'
import { reachable } from './last-exit.ts'
import type { Exit, MapShape, Network, Node } from './network.ts'
import { MapTooSmallError } from './operation-shape.ts'

/** The `model` part of a parsed spec. */
export interface ModelOptions {
  readonly backbone: BackboneOptions
  /** Shallowest first; of several the last one stands at the backbone's end, a single one where the network ends. */
  readonly exits: readonly { readonly after: string }[]
  readonly head: HeadOptions
}

export interface NetworkInput {
  /** Height, width, channels of an image. */
  readonly inputShape: MapShape
  /** At least 2. */
  readonly classes: number
}

function badModel(path: string, message: string, hint: string): BenchError {
  return new BenchError({ code: 'bad-spec', path: `model.${path}`, message, hint })
}

/**
 * Refuses exits at unknown places, twice at one place, out of order, or not reaching the backbone's end. A single exit
 * may stand anywhere: the network ends there, as the reference of that depth does that is trained alone.
 */
function checkExits(model: ModelOptions): void {
  const points = attachPoints(model.backbone)
  const listed = `Attach points of this backbone, in order: ${points.join(', ')}.`
  if (model.exits.length === 0) throw badModel('exits', 'A network needs at least one exit.', listed)
  let previous = -1
  for (const [index, { after }] of model.exits.entries()) {
    const path = `exits[${index}].after`
    const position = points.indexOf(after)
    if (position < 0) {
      const near = didYouMean(after, points)
      const hint = near ? `Did you mean "${near}"? ${listed}` : listed
      throw badModel(path, `The backbone ${model.backbone.name} has no attach point "${after}".`, hint)
    }
    if (position === previous)
      throw badModel(path, `Two exits stand after "${after}".`, 'Remove one of them.')
    if (position < previous) {
      const before = points[previous]
      throw badModel(path, `The exit after "${after}" stands behind the one after "${before}".`, listed)
    }
    previous = position
  }
  const end = points.at(-1)
  if (model.exits.length > 1 && previous !== points.length - 1) {
    const path = `exits[${model.exits.length - 1}].after`
    throw badModel(
      path,
      `The last exit stands after "${points[previous]}", not at the backbone's end.`,
      `Add { "after": "${end}" }: the last exit is the backbone's own classifier.`,
    )
  }
}

function checkHead(model: ModelOptions): void {
  const head = headOf(model.head)
  if (!head.imitatesStages || backboneOf(model.backbone).downSamples) return
  const others = heads.filter(({ imitatesStages }) => !imitatesStages).map(({ name }) => name)
  throw badModel(
    'head.name',
    `The head ${head.name} imitates the down-sampling stages that an exit leaves out, and ${model.backbone.name} has none.`,
    `Use one of: ${others.join(', ')}.`,
  )
}

function tooSmall(path: string, input: NetworkInput, error: MapTooSmallError): BenchError {
  return new BenchError({
    code: 'bad-spec',
    path: `model.${path}`,
    message: `The feature map becomes too small for images of ${input.inputShape.join('x')}: ${error.message}.`,
    hint: 'Use larger images, a backbone with fewer down-sampling steps (stem "cifar"), or another head.',
    cause: error,
  })
}

function describeBackbone(model: ModelOptions, input: NetworkInput) {
  const backbone = backboneOf(model.backbone)
  const builder = new GraphBuilder(input.inputShape, backbone.batchNorm(model.backbone) ?? defaultBatchNorm)
  try {
    return { builder, ...backbone.describe(model.backbone, builder) }
  } catch (error) {
    throw error instanceof MapTooSmallError ? tooSmall('backbone', input, error) : error
  }
}

type Described = ReturnType<typeof describeBackbone>

function describeHead(
  model: ModelOptions,
  input: NetworkInput,
  backbone: Described,
  at: AttachPoint,
  k: number,
): Exit {
  const { builder } = backbone
  const stage = `head${k}`
  try {
    return builder.within({ owner: { part: 'head', exit: k }, stage, prefix: `${stage}.` }, () => {
      const place = {
        input: backbone.beforeHead?.(builder, at.node) ?? at.node,
        stagesToCome: at.stagesToCome,
        last: at === backbone.attachPoints.at(-1),
        finish: backbone.finish ?? poolToFeature,
      }
      const { featureMap, feature, beforeLogits } = headOf(model.head).describe(model.head, builder, place)
      const operation = { kind: 'linear', units: input.classes, bias: true } as const
      const logits = builder.add('classifier', operation, beforeLogits)
      const featureWidth = builder.shape(feature)[0]
      return { k, after: at.name, featureMap, feature, featureWidth, logits }
    })
  } catch (error) {
    throw error instanceof MapTooSmallError ? tooSmall('head', input, error) : error
  }
}

/**
 * Describes a multi-exit network: backbone segments, each followed by its exit's head, with every shape inferred.
 * Nodes that no exit needs (fine scales of MSDNet's last layers in some configurations) are left out.
 *
 * @throws BenchError `bad-spec` with a path below `model.` for exits that do not fit the backbone, a head that does
 * not fit it, or images that are too small
 */
export function describeNetwork(model: ModelOptions, input: NetworkInput): Network {
  checkExits(model)
  checkHead(model)
  const backbone = describeBackbone(model, input)
  const backboneNodes = [...backbone.builder.nodes]
  const nodes: Node[] = []
  const exits: Exit[] = []
  let paid = 0
  for (const [index, { after }] of model.exits.entries()) {
    const at = backbone.attachPoints.find(({ name }) => name === after)
    if (!at) throw new RangeError(`the description of ${model.backbone.name} has no attach point ${after}`)
    const segment = index + 1
    const owner = { part: 'backbone', segment } as const
    for (const node of backboneNodes.slice(paid, at.nodeCount)) nodes.push({ ...node, owner })
    paid = at.nodeCount
    const before = backbone.builder.nodes.length
    exits.push(describeHead(model, input, backbone, at, segment))
    nodes.push(...backbone.builder.nodes.slice(before))
  }
  const needed = reachable(nodes, exits)
  return {
    inputShape: input.inputShape,
    classes: input.classes,
    nodes: nodes.filter(({ name }) => needed.has(name)),
    leftOut: nodes.filter(({ name }) => !needed.has(name)),
    exits,
  }
}
