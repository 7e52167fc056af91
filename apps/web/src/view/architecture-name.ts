import { backboneOptions } from '@mate-bench/nn/describe'
import type { SpecFrame } from '@mate-bench/schema'

const fourStageDepths: readonly number[] = [18, 34, 50, 101, 152]

/**
 * A network as the published numbers name theirs, such as `resnet18`: equal names are the same backbone. What is
 * not as in the paper of the backbone stands behind the name, and so does that a network exits once: its exit 1 is not
 * the first of several.
 */
export function architectureName({ model }: Pick<SpecFrame, 'model'>): string {
  const name = backboneName(model)
  const [only, ...others] = model.exits
  return only && others.length === 0 ? `${name} (one exit, after ${only.after})` : name
}

function backboneName(model: SpecFrame['model']): string {
  const parsed = backboneOptions.safeParse(model.backbone)
  if (!parsed.success) return model.backbone.name
  const backbone = parsed.data
  switch (backbone.name) {
    case 'resnet':
      return withWidth(
        `resnet${backbone.depth}`,
        backbone.width,
        fourStageDepths.includes(backbone.depth) ? 64 : 16,
      )
    case 'vgg':
      return withWidth(`vgg${backbone.depth}`, backbone.width, 64)
    case 'wide-resnet':
      return `wrn${backbone.depth}-${backbone.widen}${backbone.dropout > 0 ? '-dropout' : ''}`
    case 'resnext': {
      const { depth, cardinality, baseWidth, width } = backbone
      return withWidth(`resnext${depth}-${cardinality}x${baseWidth}d`, width, 64)
    }
    case 'densenet': {
      const { depth, growthRate, bc } = backbone
      if (growthRate === undefined && [121, 161, 169, 201].includes(depth)) return `densenet${depth}`
      return `densenet-${bc ? 'bc-' : ''}${depth}-${growthRate ?? 12}`
    }
    case 'mobilenet-v2':
      return backbone.widthMultiplier === 1
        ? 'mobilenetv2'
        : `mobilenetv2 (width ${backbone.widthMultiplier})`
    case 'msdnet': {
      const { nChannels, growthRate, base, step, stepMode } = backbone
      const mode = stepMode === 'even' ? '' : `,${stepMode}`
      return `msdnet-${model.exits.length}exit(nCh${nChannels},gr${growthRate},base${base},step${step}${mode})`
    }
  }
}

function withWidth(name: string, width: number | undefined, usual: number): string {
  return width === undefined || width === usual ? name : `${name} (width ${width})`
}
