import type { Heap } from '../heap.ts'
import { groupPixels } from '../simd/convolution.ts'
import type { ConvGeometry } from './conv-geometry.ts'

/** One tap that reaches a phase's pixels: where it reads dY, relative to the pixel, and its matrix in the filter. */
export interface Tap {
  readonly dy: number
  readonly dx: number
  readonly index: number
}

/** Taps that reach the input pixels (row * s + phaseY, column * s + phaseX). */
function tapsOfPhase(g: ConvGeometry, phaseY: number, phaseX: number): Tap[] {
  const taps: Tap[] = []
  for (let ky = 0; ky < g.kernelHeight; ky++) {
    for (let kx = 0; kx < g.kernelWidth; kx++) {
      const dy = (phaseY + g.padTop - ky) / g.stride
      const dx = (phaseX + g.padLeft - kx) / g.stride
      if (Number.isInteger(dy) && Number.isInteger(dx)) taps.push({ dy, dx, index: ky * g.kernelWidth + kx })
    }
  }
  return taps
}

/** The taps and tables of one phase, as `convolve` and `depthwise` take them. */
export interface Phase {
  readonly taps: readonly Tap[]
  readonly groups: number
  /** Addresses of the tables. */
  readonly sources: number
  readonly targets: number
}

function maxPixels(g: ConvGeometry): number {
  return Math.ceil(g.inHeight / g.stride) * Math.ceil(g.inWidth / g.stride) + groupPixels
}

/** Bytes that the tables of the largest phase take. */
export function phaseTableBytes(g: ConvGeometry): number {
  return 4 * maxPixels(g) * (1 + g.kernelHeight * g.kernelWidth)
}

/**
 * The input gradient of a convolution with stride s falls into s x s phases: input pixels with the same
 * remainders of row and column are reached by the same taps, and are a plain convolution of dY with these.
 * Writes each phase's tables at `tablesAt`, where `phaseTableBytes` bytes must be free, and calls `visit`.
 */
export function forEachPhase(
  heap: Heap,
  g: ConvGeometry,
  tablesAt: number,
  visit: (phase: Phase) => void,
): void {
  const targets = heap.int32(tablesAt, maxPixels(g))
  const sources = heap.int32(tablesAt + 4 * maxPixels(g), maxPixels(g) * g.kernelHeight * g.kernelWidth)
  for (let y = 0; y < Math.min(g.stride, g.inHeight); y++) {
    for (let x = 0; x < Math.min(g.stride, g.inWidth); x++) {
      const taps = tapsOfPhase(g, y, x)
      const groups = writeTables(g, y, x, taps, sources, targets)
      visit({ taps, groups, sources: sources.byteOffset, targets: targets.byteOffset })
    }
  }
}

/** Fills the tables of one phase: where its pixels read dY, and where they stand in dx. Returns the groups. */
function writeTables(
  g: ConvGeometry,
  phaseY: number,
  phaseX: number,
  taps: readonly Tap[],
  sources: Int32Array,
  targets: Int32Array,
): number {
  const columns = Math.ceil((g.inWidth - phaseX) / g.stride)
  const pixels = Math.ceil((g.inHeight - phaseY) / g.stride) * columns
  const groups = Math.ceil(pixels / groupPixels)
  for (let i = 0; i < groups * groupPixels; i++) {
    const pixel = Math.min(i, pixels - 1)
    const row = Math.floor(pixel / columns)
    const column = pixel % columns
    targets[i] = 4 * g.cin * ((row * g.stride + phaseY) * g.inWidth + column * g.stride + phaseX)
    const group = Math.floor(i / groupPixels)
    for (let t = 0; t < taps.length; t++) {
      const y = row + (taps[t]?.dy ?? 0)
      const x = column + (taps[t]?.dx ?? 0)
      const inside = y >= 0 && y < g.outHeight && x >= 0 && x < g.outWidth
      const offset = inside ? 4 * g.cout * (y * g.outWidth + x) : -1
      sources[(group * taps.length + t) * groupPixels + (i % groupPixels)] = offset
    }
  }
  return groups
}
