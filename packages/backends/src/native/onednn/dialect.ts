import { openDialect2 } from './dialect-2.ts'
import { openDialect3 } from './dialect-3.ts'
import type { ForeignFunction, SharedLibrary } from './foreign.ts'

/** A `dnnl_memory_desc_t`: a structure of the caller's in version 2, a handle of the library's in version 3. */
export type Descriptor = Uint8Array | bigint

/** Sizes of a tensor in oneDNN's order, and the distance in elements that one step along each of them is. */
export interface Layout {
  readonly sizes: readonly number[]
  /** Absent: the library chooses. */
  readonly strides?: readonly number[]
}

/** Height and width. */
export type Pair = readonly [number, number]

/** A convolution or one of its gradients; sizes are [B, C, H, W], of the filter [O, I, kh, kw] or [G, O, I, kh, kw]. */
export interface ConvolutionOperation {
  readonly kind: 'forward' | 'input-gradient' | 'filter-gradient'
  readonly input: Layout
  readonly filter: Layout
  readonly output: Layout
  readonly strides: Pair
  /** Zeros between neighbouring taps, per side: 0 for a plain convolution. */
  readonly dilations: Pair
  readonly paddingBefore: Pair
  readonly paddingAfter: Pair
}

/** An average over windows of pixels, or its gradient; sizes are [B, C, H, W]. */
export interface PoolOperation {
  readonly kind: 'forward' | 'input-gradient'
  readonly input: Required<Layout>
  readonly output: Required<Layout>
  readonly window: Pair
  readonly strides: Pair
  readonly paddingBefore: Pair
  readonly paddingAfter: Pair
  /** Whether what lies outside of the image counts as zeros, or not at all. */
  readonly countsPadding: boolean
}

/** What the C interfaces of oneDNN 2 and 3 say differently. */
export interface Dialect {
  describe(layout: Layout): Descriptor
  release(descriptor: Descriptor): void
  /** A primitive descriptor, which the caller destroys. */
  convolution(operation: ConvolutionOperation, engine: bigint, attributes: bigint): bigint
  /** The same. */
  averagePool(operation: PoolOperation, engine: bigint, attributes: bigint): bigint
}

/** Throws where `status` is not success. */
export type Check = (status: unknown, what: string) => void

/** The dialect of a library by its major version; undefined for one that nobody here knows. */
export function openDialect(major: number, library: SharedLibrary, check: Check): Dialect | undefined {
  if (major === 3) return openDialect3(library, check)
  if (major === 2) return openDialect2(library, check)
  return undefined
}

/** `dnnl_dims_t` has twelve places, of which the library reads as many as there are dimensions. */
export function dims(values: readonly number[]): BigInt64Array {
  const array = new BigInt64Array(12)
  for (const [i, value] of values.entries()) array[i] = BigInt(value)
  return array
}

/** Calls a function that writes a handle to its first argument, and returns the handle. */
export function created(check: Check, what: string, create: ForeignFunction, ...args: unknown[]): bigint {
  const out: [unknown] = [null]
  check(create(out, ...args), what)
  if (typeof out[0] !== 'bigint') throw new Error(`oneDNN gave no handle for ${what}`)
  return out[0]
}
