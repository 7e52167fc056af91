import {
  type Code,
  defineFunction,
  type FunctionWriter,
  f32x4,
  f64x2,
  i32,
  type Local,
  type Operand,
  upperHalf,
  v128,
} from './assembler.ts'
import { forEachRowBlock } from './row-blocks.ts'
import { forEachStrip, laneStrip, type Strip, vectorStrip } from './strips.ts'

/** Rows that are summed in float32 before the sum moves to float64: keeps long sums exact to a few ulp. */
const chunkRows = 64
const strips = [vectorStrip(4), vectorStrip(1), laneStrip]
const maxVectors = 4

/** Where the two sums of a channel are kept: float32 within a chunk of rows, float64 over all of them. */
interface SumPointers {
  readonly rows: Local
  readonly block: Local
  readonly channels: Local
  /** [2, channels] float32, scratch. */
  readonly parts: Local
  /** [channels] float64 and one of slack. */
  readonly first: Local
  readonly second: Local
}

/**
 * Two sums per channel over all rows. `start` is called for each strip of channels before the rows of a block, `row` for
 * each row with what adds to the sums, and `blockEnds` after each block.
 */
function channelSums(
  f: FunctionWriter,
  p: SumPointers,
  body: {
    readonly start: (strip: Strip, offset: Local) => void
    readonly row: (strip: Strip, add: (sum: 'first' | 'second', q: number, value: Operand) => void) => void
    readonly blockEnds: (bytes: Code) => void
  },
): void {
  const { channel, offset, row, rowBytes, at } = f.named('i32', 'channel', 'offset', 'row', 'rowBytes', 'at')
  const parts = { first: f.locals('v128', maxVectors), second: f.locals('v128', maxVectors) }
  const part = (sum: 'first' | 'second', q: number) => parts[sum][q] as Local
  f.set(rowBytes, i32.mul(p.channels, 4))
  f.clear(p.first, i32.mul(p.channels, 8))
  f.clear(p.second, i32.mul(p.channels, 8))
  forEachRowBlock(f, p.rows, chunkRows, (inChunk) => {
    f.clear(p.parts, i32.mul(rowBytes, 2))
    forEachRowBlock(f, inChunk, p.block, (inBlock) => {
      forEachStrip(f, channel, p.channels, strips, (strip) => {
        f.set(offset, i32.mul(channel, 4))
        body.start(strip, offset)
        f.set(at, i32.add(p.parts, offset))
        for (let q = 0; q < strip.vectors; q++) f.set(part('first', q), strip.load(at, q))
        f.increase(at, rowBytes)
        for (let q = 0; q < strip.vectors; q++) f.set(part('second', q), strip.load(at, q))
        f.for(row, 0, inBlock, 1, () => {
          body.row(strip, (sum, q, value) => f.set(part(sum, q), f32x4.add(part(sum, q), value)))
        })
        for (let q = 0; q < strip.vectors; q++) f.emit(strip.store(at, part('second', q), q))
        f.set(at, i32.sub(at, rowBytes))
        for (let q = 0; q < strip.vectors; q++) f.emit(strip.store(at, part('first', q), q))
      })
      body.blockEnds(i32.mul(inBlock, rowBytes))
    })
    forEachStrip(f, channel, p.channels, [vectorStrip(1), laneStrip], (strip) => {
      f.set(at, i32.add(p.parts, i32.mul(channel, 4)))
      f.set(part('first', 0), strip.load(at, 0))
      f.set(part('second', 0), strip.load(i32.add(at, rowBytes), 0))
      for (const sum of ['first', 'second'] as const) {
        f.set(at, i32.add(p[sum], i32.mul(channel, 8)))
        addPromoted(f, strip, at, part(sum, 0))
      }
    })
  })
}

/** Adds four float32 to the float64 at `pointer`; a lane strip adds one, and zero to the float64 after it. */
function addPromoted(f: FunctionWriter, strip: Strip, pointer: Local, value: Local): void {
  f.emit(v128.store(pointer, f64x2.add(v128.load(pointer), f64x2.promoteLow(value))))
  if (strip.channels === 1) return
  f.emit(v128.store(pointer, f64x2.add(v128.load(pointer, 16), f64x2.promoteLow(upperHalf(value))), 16))
}

/**
 * Sums of x - shift and (x - shift)^2 over the rows of x [rows, channels]; `shift` is x's first row, which
 * keeps the variance from cancelling where the mean is large. `sums` and `squares` take [channels] float64 and one of
 * slack, `parts` [2, channels] float32. Blocks of `block` rows are gone through strip by strip.
 */
export const channelMoments = defineFunction(
  'channelMoments',
  { x: 'i32', rows: 'i32', block: 'i32', channels: 'i32', parts: 'i32', sums: 'i32', squares: 'i32' },
  (f, p) => {
    const { from, at, rowBytes } = f.named('i32', 'from', 'at', 'rowBytes')
    const { value } = f.named('v128', 'value')
    const shift = f.locals('v128', maxVectors)
    f.set(from, p.x)
    f.set(rowBytes, i32.mul(p.channels, 4))
    channelSums(
      f,
      { ...p, first: p.sums, second: p.squares },
      {
        start: (strip, offset) => {
          f.set(at, i32.add(p.x, offset))
          for (let q = 0; q < strip.vectors; q++) f.set(shift[q] as Local, strip.load(at, q))
          f.set(at, i32.add(from, offset))
        },
        row: (strip, add) => {
          for (let q = 0; q < strip.vectors; q++) {
            f.set(value, f32x4.sub(strip.load(at, q), shift[q] as Local))
            add('first', q, value)
            add('second', q, f32x4.mul(value, value))
          }
          f.increase(at, rowBytes)
        },
        blockEnds: (bytes) => f.increase(from, bytes),
      },
    )
  },
)

/** dY where batch norm's output is above zero, else 0; with `masked` false dY itself. */
export function gradientThroughRelu(
  masked: boolean,
  dy: Code,
  centred: Local,
  scale: Local,
  beta: Local,
): Code {
  if (!masked) return dy
  return v128.and(dy, f32x4.greater(f32x4.add(f32x4.mul(centred, scale), beta), v128.zero))
}

/** Sums of g and g * (x - mean) over the rows, g being dY (masked by the ReLU that followed); otherwise as above. */
function channelGradientSums(masked: boolean) {
  return defineFunction(
    masked ? 'channelGradientSumsRelu' : 'channelGradientSums',
    {
      x: 'i32',
      dy: 'i32',
      rows: 'i32',
      block: 'i32',
      channels: 'i32',
      mean: 'i32',
      scale: 'i32',
      beta: 'i32',
      parts: 'i32',
      sums: 'i32',
      products: 'i32',
    },
    (f, p) => {
      const { rowBytes, block, xAt, dyAt } = f.named('i32', 'rowBytes', 'block', 'xAt', 'dyAt')
      const { centred, gradient } = f.named('v128', 'centred', 'gradient')
      const constants = (['mean', 'scale', 'beta'] as const).map(
        (name) => [name, f.locals('v128', maxVectors)] as const,
      )
      const [mean, scale, beta] = constants.map(([, locals]) => locals) as [Local[], Local[], Local[]]
      f.set(rowBytes, i32.mul(p.channels, 4))
      f.set(block, 0)
      channelSums(
        f,
        { ...p, first: p.sums, second: p.products },
        {
          start: (strip, offset) => {
            for (const [name, locals] of constants) {
              for (let q = 0; q < strip.vectors; q++)
                f.set(locals[q] as Local, strip.load(i32.add(p[name], offset), q))
            }
            f.set(xAt, i32.add(i32.add(p.x, block), offset))
            f.set(dyAt, i32.add(i32.add(p.dy, block), offset))
          },
          row: (strip, add) => {
            for (let q = 0; q < strip.vectors; q++) {
              f.set(centred, f32x4.sub(strip.load(xAt, q), mean[q] as Local))
              const through = gradientThroughRelu(
                masked,
                strip.load(dyAt, q),
                centred,
                scale[q] as Local,
                beta[q] as Local,
              )
              f.set(gradient, through)
              add('first', q, gradient)
              add('second', q, f32x4.mul(gradient, centred))
            }
            f.increase(xAt, rowBytes)
            f.increase(dyAt, rowBytes)
          },
          blockEnds: (bytes) => f.increase(block, bytes),
        },
      )
    },
  )
}

export const batchNormSumFunctions = [channelMoments, channelGradientSums(false), channelGradientSums(true)]
