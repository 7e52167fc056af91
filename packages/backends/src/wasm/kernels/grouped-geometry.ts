import type * as tf from '@tensorflow/tfjs-core'
import { type ConvGeometry, convGeometry } from './conv-geometry.ts'

/** Sizes of a grouped convolution as a whole, and of one group. */
export interface GroupedGeometry extends ConvGeometry {
  readonly groups: number
  readonly groupCin: number
  readonly groupCout: number
}

/** @throws Error where the groups don't divide the channels, and where `convGeometry` does */
export function groupedGeometry(
  kernelName: string,
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: tf.NamedAttrMap | undefined,
): GroupedGeometry {
  const groups = Number(attrs?.groups)
  const [height = 0, width = 0, groupCin = 0, cout = 0] = filterShape
  const g = convGeometry(kernelName, inputShape, [height, width, groupCin * groups, cout], attrs)
  if (g.cin !== groupCin * groups || cout % groups !== 0)
    throw new Error(`${kernelName}: ${groups} groups of ${groupCin} do not fit ${g.cin} -> ${cout} channels`)
  return { ...g, groups, groupCin, groupCout: cout / groups }
}
