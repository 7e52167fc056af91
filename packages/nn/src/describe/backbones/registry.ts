import { z } from 'zod'
import type { Backbone } from './backbone.ts'
import { densenet } from './densenet.ts'
import { mobilenetV2 } from './mobilenet-v2.ts'
import { msdnet } from './msdnet.ts'
import { resnet } from './resnet.ts'
import { resnext } from './resnext.ts'
import { vgg } from './vgg.ts'
import { wideResnet } from './wide-resnet.ts'

/** Every backbone, in the order in which lists show them. */
export const backbones: readonly Backbone[] = [
  resnet,
  vgg,
  wideResnet,
  resnext,
  densenet,
  mobilenetV2,
  msdnet,
]

/** The `model.backbone` part of a spec. */
export const backboneOptions = z.discriminatedUnion('name', [
  resnet.options,
  vgg.options,
  wideResnet.options,
  resnext.options,
  densenet.options,
  mobilenetV2.options,
  msdnet.options,
])

export type BackboneOptions = z.output<typeof backboneOptions>

export function backboneOf(options: BackboneOptions): Backbone {
  const backbone = backbones.find(({ name }) => name === options.name)
  if (!backbone) throw new RangeError(`no backbone is called ${options.name}`)
  return backbone
}

/** Places where an exit can stand, in the order of the forward pass; the last one is the backbone's end. */
export function attachPoints(options: BackboneOptions): string[] {
  return [...backboneOf(options).attachPoints(options)]
}
