import {
  type Code,
  defineFunction,
  type FunctionWriter,
  f32x4,
  f64x2,
  i32,
  type Local,
  upperHalf,
  v128,
} from './assembler.ts'
import { forEachStrip, laneStrip, type Strip, vectorStrip } from './strips.ts'

/** Rows that are summed in float32 before the sum moves to float64: keeps long sums exact to a few ulp. */
export const chunkRows = 64
const strips = [vectorStrip(4), vectorStrip(1), laneStrip]
const maxVectors = 4

/** Sums that are kept per channel: float32 within a chunk of rows, float64 over all of them. */
class ChannelSums {
  private readonly chunk: readonly Local[]
  private readonly total: readonly Local[]

  constructor(private readonly f: FunctionWriter) {
    this.chunk = f.locals('v128', maxVectors)
    this.total = f.locals('v128', 2 * maxVectors)
  }

  /** Goes on from the float64 at `pointer`. */
  load(strip: Strip, pointer: Local): void {
    for (let q = 0; q < strip.vectors; q++) {
      this.f.set(this.low(q), v128.load(pointer, 32 * q))
      if (strip.channels > 1) this.f.set(this.high(q), v128.load(pointer, 32 * q + 16))
    }
  }

  startChunk(strip: Strip): void {
    for (let q = 0; q < strip.vectors; q++) this.f.set(this.part(q), v128.zero)
  }

  add(q: number, value: Code | Local): void {
    this.f.set(this.part(q), f32x4.add(this.part(q), value))
  }

  endChunk(strip: Strip): void {
    for (let q = 0; q < strip.vectors; q++) {
      this.f.set(this.low(q), f64x2.add(this.low(q), f64x2.promoteLow(this.part(q))))
      this.f.set(this.high(q), f64x2.add(this.high(q), f64x2.promoteLow(upperHalf(this.part(q)))))
    }
  }

  /** Stores float64 per channel at `pointer`; a lane strip puts the number after its own back as it was. */
  store(strip: Strip, pointer: Local): void {
    for (let q = 0; q < strip.vectors; q++) {
      this.f.emit(v128.store(pointer, this.low(q), 32 * q))
      if (strip.channels > 1) this.f.emit(v128.store(pointer, this.high(q), 32 * q + 16))
    }
  }

  private part = (q: number) => this.chunk[q] as Local
  private low = (q: number) => this.total[2 * q] as Local
  private high = (q: number) => this.total[2 * q + 1] as Local
}

interface Sweep {
  readonly channel: Local
  readonly rowBytes: Local
  /** First channel's byte offset in a row. */
  readonly offset: Local
}

/** Runs `body` for each strip of channels. */
function sweep(f: FunctionWriter, channels: Local, body: (strip: Strip, at: Sweep) => void): void {
  const at = { channel: f.local('i32'), rowBytes: f.local('i32'), offset: f.local('i32') }
  f.set(at.rowBytes, i32.mul(channels, 4))
  forEachStrip(f, at.channel, channels, strips, (strip) => {
    f.set(at.offset, i32.mul(at.channel, 4))
    body(strip, at)
  })
}

/** Walks `rows` rows in chunks, calling `row` for each and `chunkEnds` after each chunk. */
function overChunks(
  f: FunctionWriter,
  rows: Local,
  sums: readonly ChannelSums[],
  strip: Strip,
  row: () => void,
): void {
  const left = f.local('i32')
  const inChunk = f.local('i32')
  f.set(left, rows)
  f.while(
    () => i32.lessSigned(0, left),
    () => {
      f.set(inChunk, i32.select(i32.lessSigned(left, chunkRows), left, chunkRows))
      f.set(left, i32.sub(left, inChunk))
      for (const sum of sums) sum.startChunk(strip)
      f.while(
        () => inChunk,
        () => {
          row()
          f.increase(inChunk, -1)
        },
      )
      for (const sum of sums) sum.endChunk(strip)
    },
  )
}

/**
 * Adds x - shift and (x - shift)^2 over the rows of x [rows, channels] to `sums` and `squares`, [channels] float64 each
 * plus one of slack at the end. A `shift` near the mean keeps the variance from cancelling where the mean is large. Called
 * for block after block of a multiple of `chunkRows` rows it gives what one call for all of them would.
 */
export const channelMoments = defineFunction(
  'channelMoments',
  { x: 'i32', shift: 'i32', rows: 'i32', channels: 'i32', sums: 'i32', squares: 'i32' },
  (f, p) => {
    const { at, sumsAt, squaresAt } = f.named('i32', 'at', 'sumsAt', 'squaresAt')
    const { value } = f.named('v128', 'value')
    const shift = f.locals('v128', maxVectors)
    const first = new ChannelSums(f)
    const second = new ChannelSums(f)
    sweep(f, p.channels, (strip, { channel, rowBytes, offset }) => {
      f.set(at, i32.add(p.shift, offset))
      for (let q = 0; q < strip.vectors; q++) f.set(shift[q] as Local, strip.load(at, q))
      f.set(at, i32.add(p.x, offset))
      f.set(sumsAt, i32.add(p.sums, i32.mul(channel, 8)))
      f.set(squaresAt, i32.add(p.squares, i32.mul(channel, 8)))
      first.load(strip, sumsAt)
      second.load(strip, squaresAt)
      overChunks(f, p.rows, [first, second], strip, () => {
        for (let q = 0; q < strip.vectors; q++) {
          f.set(value, f32x4.sub(strip.load(at, q), shift[q] as Local))
          first.add(q, value)
          second.add(q, f32x4.mul(value, value))
        }
        f.increase(at, rowBytes)
      })
      first.store(strip, sumsAt)
      second.store(strip, squaresAt)
    })
  },
)

/** y = max((x - mean) * scale + beta, floor): batch norm, with ReLU where `floor` is 0 and not -Infinity. */
export const normalise = defineFunction(
  'normalise',
  { x: 'i32', y: 'i32', rows: 'i32', channels: 'i32', mean: 'i32', scale: 'i32', beta: 'i32', floor: 'f32' },
  (f, p) => {
    const { from, to, left } = f.named('i32', 'from', 'to', 'left')
    const floor = f.local('v128')
    const mean = f.locals('v128', maxVectors)
    const scale = f.locals('v128', maxVectors)
    const beta = f.locals('v128', maxVectors)
    f.set(floor, f32x4.splat(p.floor))
    sweep(f, p.channels, (strip, { rowBytes, offset }) => {
      for (let q = 0; q < strip.vectors; q++) {
        f.set(mean[q] as Local, strip.load(i32.add(p.mean, offset), q))
        f.set(scale[q] as Local, strip.load(i32.add(p.scale, offset), q))
        f.set(beta[q] as Local, strip.load(i32.add(p.beta, offset), q))
      }
      f.set(from, i32.add(p.x, offset))
      f.set(to, i32.add(p.y, offset))
      f.for(left, 0, p.rows, 1, () => {
        for (let q = 0; q < strip.vectors; q++) {
          const centred = f32x4.sub(strip.load(from, q), mean[q] as Local)
          const y = f32x4.add(f32x4.mul(centred, scale[q] as Local), beta[q] as Local)
          f.emit(strip.store(to, f32x4.max(y, floor), q))
        }
        f.increase(from, rowBytes)
        f.increase(to, rowBytes)
      })
    })
  },
)

/** dY where batch norm's output is above zero, else 0; with `masked` false dY itself. */
function gradientThroughRelu(masked: boolean, dy: Code, centred: Local, scale: Local, beta: Local): Code {
  if (!masked) return dy
  return v128.and(dy, f32x4.greater(f32x4.add(f32x4.mul(centred, scale), beta), v128.zero))
}

/** Adds g and g * (x - mean) over the rows to `sums` and `products`, as above; g is dY (masked by the ReLU that followed). */
function channelGradientSums(masked: boolean) {
  return defineFunction(
    masked ? 'channelGradientSumsRelu' : 'channelGradientSums',
    {
      x: 'i32',
      dy: 'i32',
      rows: 'i32',
      channels: 'i32',
      mean: 'i32',
      scale: 'i32',
      beta: 'i32',
      sums: 'i32',
      products: 'i32',
    },
    (f, p) => {
      const { xAt, dyAt, sumsAt, productsAt } = f.named('i32', 'xAt', 'dyAt', 'sumsAt', 'productsAt')
      const { centred, gradient } = f.named('v128', 'centred', 'gradient')
      const mean = f.locals('v128', maxVectors)
      const scale = f.locals('v128', maxVectors)
      const beta = f.locals('v128', maxVectors)
      const first = new ChannelSums(f)
      const second = new ChannelSums(f)
      sweep(f, p.channels, (strip, { channel, rowBytes, offset }) => {
        for (let q = 0; q < strip.vectors; q++) {
          f.set(mean[q] as Local, strip.load(i32.add(p.mean, offset), q))
          f.set(scale[q] as Local, strip.load(i32.add(p.scale, offset), q))
          f.set(beta[q] as Local, strip.load(i32.add(p.beta, offset), q))
        }
        f.set(xAt, i32.add(p.x, offset))
        f.set(dyAt, i32.add(p.dy, offset))
        f.set(sumsAt, i32.add(p.sums, i32.mul(channel, 8)))
        f.set(productsAt, i32.add(p.products, i32.mul(channel, 8)))
        first.load(strip, sumsAt)
        second.load(strip, productsAt)
        overChunks(f, p.rows, [first, second], strip, () => {
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
            first.add(q, gradient)
            second.add(q, f32x4.mul(gradient, centred))
          }
          f.increase(xAt, rowBytes)
          f.increase(dyAt, rowBytes)
        })
        first.store(strip, sumsAt)
        second.store(strip, productsAt)
      })
    },
  )
}

/** dx = scale * (g - meanGradient - (x - mean) * slope), g as above. */
function normaliseGradient(masked: boolean) {
  return defineFunction(
    masked ? 'normaliseGradientRelu' : 'normaliseGradient',
    {
      x: 'i32',
      dy: 'i32',
      dx: 'i32',
      rows: 'i32',
      channels: 'i32',
      mean: 'i32',
      scale: 'i32',
      beta: 'i32',
      meanGradient: 'i32',
      slope: 'i32',
    },
    (f, p) => {
      const { xAt, dyAt, dxAt, left } = f.named('i32', 'xAt', 'dyAt', 'dxAt', 'left')
      const { centred, gradient } = f.named('v128', 'centred', 'gradient')
      const constants = (['mean', 'scale', 'beta', 'meanGradient', 'slope'] as const).map(
        (name) => [name, f.locals('v128', 2)] as const,
      )
      const constant = (name: string, q: number) => constants.find(([key]) => key === name)?.[1][q] as Local
      // Two vectors at a time: five constants a vector have to stay in registers.
      const narrow = [vectorStrip(2), vectorStrip(1), laneStrip]
      const { channel, rowBytes, offset } = f.named('i32', 'channel', 'rowBytes', 'offset')
      f.set(rowBytes, i32.mul(p.channels, 4))
      forEachStrip(f, channel, p.channels, narrow, (strip) => {
        f.set(offset, i32.mul(channel, 4))
        for (const [name, locals] of constants) {
          for (let q = 0; q < strip.vectors; q++)
            f.set(locals[q] as Local, strip.load(i32.add(p[name], offset), q))
        }
        f.set(xAt, i32.add(p.x, offset))
        f.set(dyAt, i32.add(p.dy, offset))
        f.set(dxAt, i32.add(p.dx, offset))
        f.for(left, 0, p.rows, 1, () => {
          for (let q = 0; q < strip.vectors; q++) {
            f.set(centred, f32x4.sub(strip.load(xAt, q), constant('mean', q)))
            const through = gradientThroughRelu(
              masked,
              strip.load(dyAt, q),
              centred,
              constant('scale', q),
              constant('beta', q),
            )
            f.set(gradient, f32x4.sub(through, constant('meanGradient', q)))
            f.set(gradient, f32x4.sub(gradient, f32x4.mul(centred, constant('slope', q))))
            f.emit(strip.store(dxAt, f32x4.mul(gradient, constant('scale', q)), q))
          }
          f.increase(xAt, rowBytes)
          f.increase(dyAt, rowBytes)
          f.increase(dxAt, rowBytes)
        })
      })
    },
  )
}

export const batchNormFunctions = [
  channelMoments,
  normalise,
  channelGradientSums(false),
  channelGradientSums(true),
  normaliseGradient(false),
  normaliseGradient(true),
]
