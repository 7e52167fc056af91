import { defineFunction, type FunctionWriter, i32, type Local, v128 } from './assembler.ts'
import { forEachStrip, laneStrip, multiplyAdd, type Strip, vectorStrip } from './strips.ts'

/** Pixels of one output row that are computed together. */
const tilePixels = 4

/**
 * Direct convolution over a list of taps, NHWC:
 *
 *     y[n, oy, ox, :] = sum over taps of x[n, oy * stride + dy, ox * stride + dx, :] . weights
 *
 * `taps` points at `tapCount` pairs of i32: dy, dx. `weights` are packed strip after strip (8 output channels,
 * then 4, then single ones), each strip as [tap, cin, width], so that they are read in one forward sweep.
 * Where a tap falls outside of x it counts as zero (`zeros` points at cin zeros). The steps of y are free,
 * so that a strided input gradient can be written as stride^2 interleaved convolutions.
 *
 * Each tile of 4 pixels x 8 channels stays in registers while all taps are summed. The last tile of a row
 * overlaps the one before instead of needing code of its own.
 */
export const convolve = defineFunction(
  'convolve',
  {
    x: 'i32',
    y: 'i32',
    taps: 'i32',
    tapCount: 'i32',
    weights: 'i32',
    zeros: 'i32',
    batch: 'i32',
    inHeight: 'i32',
    inWidth: 'i32',
    cin: 'i32',
    outHeight: 'i32',
    outWidth: 'i32',
    cout: 'i32',
    stride: 'i32',
    yImageBytes: 'i32',
    yRowBytes: 'i32',
    yPixelBytes: 'i32',
  },
  (f, p) => {
    const [image, channel, oy, ox, xImage, yImage, yRow] = [0, 1, 2, 3, 4, 5, 6].map(() =>
      f.local('i32'),
    ) as [Local, Local, Local, Local, Local, Local, Local]
    const inner = innerLocals(f)
    const cinBytes = f.local('i32')
    f.set(cinBytes, i32.mul(p.cin, 4))
    const stripWeights = f.local('i32')
    const xImageBytes = f.local('i32')
    f.set(xImageBytes, i32.mul(i32.mul(p.inHeight, p.inWidth), cinBytes))
    f.set(xImage, p.x)
    f.set(yImage, p.y)
    f.for(image, 0, p.batch, 1, () => {
      forEachStrip(f, channel, p.cout, [vectorStrip(2), vectorStrip(1), laneStrip], (strip) => {
        f.set(stripWeights, i32.add(p.weights, i32.mul(channel, i32.mul(p.tapCount, cinBytes))))
        f.set(yRow, i32.add(yImage, i32.mul(channel, 4)))
        f.for(oy, 0, p.outHeight, 1, () => {
          const tile = (pixels: number) =>
            convolveTile(f, { ...p, xImage, yRow, oy, ox, stripWeights, cinBytes }, inner, pixels, strip)
          f.if(
            i32.lessSigned(p.outWidth, tilePixels),
            () => f.for(ox, 0, p.outWidth, 1, () => tile(1)),
            () => {
              f.set(ox, 0)
              f.while(
                () => i32.lessSigned(ox, p.outWidth),
                () => {
                  const last = i32.sub(p.outWidth, tilePixels)
                  f.set(ox, i32.select(i32.lessSigned(ox, last), ox, last))
                  tile(tilePixels)
                  f.increase(ox, tilePixels)
                },
              )
            },
          )
          f.increase(yRow, p.yRowBytes)
        })
      })
      f.increase(xImage, xImageBytes)
      f.increase(yImage, p.yImageBytes)
    })
  },
)

interface InnerLocals {
  readonly tap: Local
  readonly tapEnd: Local
  readonly row: Local
  readonly column: Local
  readonly weight: Local
  readonly left: Local
  readonly pointers: readonly Local[]
  readonly accumulators: readonly Local[]
  readonly weights: readonly Local[]
  readonly pixel: Local
}

function innerLocals(f: FunctionWriter): InnerLocals {
  return {
    tap: f.local('i32'),
    tapEnd: f.local('i32'),
    row: f.local('i32'),
    column: f.local('i32'),
    weight: f.local('i32'),
    left: f.local('i32'),
    pointers: f.locals('i32', tilePixels),
    accumulators: f.locals('v128', 2 * tilePixels),
    weights: f.locals('v128', 2),
    pixel: f.local('v128'),
  }
}

type TileContext = Readonly<
  Record<
    | 'taps'
    | 'tapCount'
    | 'zeros'
    | 'inHeight'
    | 'inWidth'
    | 'cin'
    | 'stride'
    | 'yPixelBytes'
    | 'xImage'
    | 'yRow'
    | 'oy'
    | 'ox'
    | 'stripWeights'
    | 'cinBytes',
    Local
  >
>

/** One tile of `pixels` x `strip.channels` outputs, all taps. */
function convolveTile(f: FunctionWriter, c: TileContext, v: InnerLocals, pixels: number, strip: Strip): void {
  const pointers = v.pointers.slice(0, pixels)
  const sums = v.accumulators.slice(0, pixels * strip.vectors)
  for (const sum of sums) f.set(sum, v128.zero)
  f.set(v.tap, c.taps)
  f.set(v.tapEnd, i32.add(c.taps, i32.mul(c.tapCount, 8)))
  f.set(v.weight, c.stripWeights)
  f.while(
    () => i32.lessUnsigned(v.tap, v.tapEnd),
    () => {
      f.set(v.row, i32.add(i32.mul(c.oy, c.stride), i32.load(v.tap)))
      // One unsigned comparison refuses rows above and below the image.
      f.if(
        i32.lessUnsigned(v.row, c.inHeight),
        () => {
          f.set(v.row, i32.add(c.xImage, i32.mul(i32.mul(v.row, c.inWidth), c.cinBytes)))
          f.set(v.column, i32.add(i32.mul(c.ox, c.stride), i32.load(v.tap, 4)))
          for (const pointer of pointers) {
            const inside = i32.add(v.row, i32.mul(v.column, c.cinBytes))
            f.set(pointer, i32.select(i32.lessUnsigned(v.column, c.inWidth), inside, c.zeros))
            f.increase(v.column, c.stride)
          }
          const channelStep = (k: number) => {
            for (let q = 0; q < strip.vectors; q++)
              f.set(v.weights[q] as Local, strip.load(v.weight, q, 4 * strip.channels * k))
            pointers.forEach((pointer, i) => {
              f.set(v.pixel, v128.loadSplat(pointer, 4 * k))
              for (let q = 0; q < strip.vectors; q++)
                multiplyAdd(f, sums[i * strip.vectors + q] as Local, v.pixel, v.weights[q] as Local)
            })
          }
          f.set(v.left, c.cin)
          f.while(
            () => i32.greaterEqualSigned(v.left, 4),
            () => {
              for (let k = 0; k < 4; k++) channelStep(k)
              f.increase(v.weight, 16 * strip.channels)
              for (const pointer of pointers) f.increase(pointer, 16)
              f.increase(v.left, -4)
            },
          )
          f.while(
            () => i32.greaterEqualSigned(v.left, 1),
            () => {
              channelStep(0)
              f.increase(v.weight, 4 * strip.channels)
              for (const pointer of pointers) f.increase(pointer, 4)
              f.increase(v.left, -1)
            },
          )
        },
        () => f.increase(v.weight, i32.mul(c.cinBytes, strip.channels)),
      )
      f.increase(v.tap, 8)
    },
  )
  f.set(v.row, i32.add(c.yRow, i32.mul(c.ox, c.yPixelBytes)))
  for (let i = 0; i < pixels; i++) {
    for (let q = 0; q < strip.vectors; q++)
      f.emit(strip.store(v.row, sums[i * strip.vectors + q] as Local, q))
    if (i + 1 < pixels) f.increase(v.row, c.yPixelBytes)
  }
}

/**
 * Filter gradient of a convolution, NHWC:
 *
 *     dw[tap, ci, co] = sum over n, oy, ox of x[n, oy * stride + dy, ox * stride + dx, ci] * dY[n, oy, ox, co]
 *
 * `taps` points at `tapCount` sextuples of i32: dy, dx, and the first and one-past-last oy and ox for which
 * the tap lies inside of x. Blocks of `rowsPerBlock` output rows, small enough for the first-level cache,
 * are taken through all taps; a tile of 4 x 8 of dw stays in registers over a block.
 */
export const filterGradient = defineFunction(
  'filterGradient',
  {
    x: 'i32',
    dy: 'i32',
    dw: 'i32',
    taps: 'i32',
    tapCount: 'i32',
    batch: 'i32',
    inHeight: 'i32',
    inWidth: 'i32',
    cin: 'i32',
    outHeight: 'i32',
    outWidth: 'i32',
    cout: 'i32',
    stride: 'i32',
    rowsPerBlock: 'i32',
  },
  (f, p) => {
    const named = () => f.local('i32')
    const [image, xImage, dyImage, block, tap, tapEnd, dwTap] = [
      named(),
      named(),
      named(),
      named(),
      named(),
      named(),
      named(),
    ]
    const [rowFrom, rowEnd, ci, co, oy, xAt, dyAt, dyEnd, dwAt] = [
      named(),
      named(),
      named(),
      named(),
      named(),
      named(),
      named(),
      named(),
      named(),
    ]
    const [cinBytes, coutBytes, xStep, dyRow] = [named(), named(), named(), named()]
    const sums = f.locals('v128', 8)
    const gradients = f.locals('v128', 2)
    const pixel = f.local('v128')
    const min = (a: Local | readonly number[], b: Local | readonly number[]) =>
      i32.select(i32.lessSigned(a, b), a, b)
    const max = (a: Local | readonly number[], b: Local | readonly number[]) =>
      i32.select(i32.lessSigned(a, b), b, a)

    f.set(cinBytes, i32.mul(p.cin, 4))
    f.set(coutBytes, i32.mul(p.cout, 4))
    f.set(xStep, i32.mul(cinBytes, p.stride))
    f.clear(p.dw, i32.mul(p.tapCount, i32.mul(p.cin, coutBytes)))
    f.set(xImage, p.x)
    f.set(dyImage, p.dy)

    /** A tile of `rows` input channels x one strip of output channels, over the block's pixels. */
    const tile = (rows: number, strip: Strip) => {
      const dwRows = (visit: (row: number) => void) => {
        f.set(dwAt, i32.add(dwTap, i32.add(i32.mul(ci, coutBytes), i32.mul(co, 4))))
        for (let r = 0; r < rows; r++) {
          visit(r)
          if (r + 1 < rows) f.increase(dwAt, coutBytes)
        }
      }
      const sum = (r: number, q: number) => sums[r * strip.vectors + q] as Local
      dwRows((r) => {
        for (let q = 0; q < strip.vectors; q++) f.set(sum(r, q), strip.load(dwAt, q))
      })
      f.for(oy, rowFrom, rowEnd, 1, () => {
        const row = i32.add(i32.mul(oy, p.stride), i32.load(tap))
        const column = i32.add(i32.mul(i32.load(tap, 16), p.stride), i32.load(tap, 4))
        f.set(
          xAt,
          i32.add(
            i32.add(xImage, i32.mul(ci, 4)),
            i32.mul(i32.add(i32.mul(row, p.inWidth), column), cinBytes),
          ),
        )
        f.set(dyRow, i32.add(i32.add(dyImage, i32.mul(co, 4)), i32.mul(i32.mul(oy, p.outWidth), coutBytes)))
        f.set(dyAt, i32.add(dyRow, i32.mul(i32.load(tap, 16), coutBytes)))
        f.set(dyEnd, i32.add(dyRow, i32.mul(i32.load(tap, 20), coutBytes)))
        f.while(
          () => i32.lessUnsigned(dyAt, dyEnd),
          () => {
            for (let q = 0; q < strip.vectors; q++) f.set(gradients[q] as Local, strip.load(dyAt, q))
            for (let r = 0; r < rows; r++) {
              f.set(pixel, v128.loadSplat(xAt, 4 * r))
              for (let q = 0; q < strip.vectors; q++) multiplyAdd(f, sum(r, q), pixel, gradients[q] as Local)
            }
            f.increase(xAt, xStep)
            f.increase(dyAt, coutBytes)
          },
        )
      })
      dwRows((r) => {
        for (let q = 0; q < strip.vectors; q++) f.emit(strip.store(dwAt, sum(r, q), q))
      })
    }

    f.for(image, 0, p.batch, 1, () => {
      f.set(block, 0)
      f.while(
        () => i32.lessSigned(block, p.outHeight),
        () => {
          f.set(tap, p.taps)
          f.set(tapEnd, i32.add(p.taps, i32.mul(p.tapCount, 24)))
          f.set(dwTap, p.dw)
          f.while(
            () => i32.lessUnsigned(tap, tapEnd),
            () => {
              f.set(rowFrom, max(block, i32.load(tap, 8)))
              f.set(rowEnd, min(i32.add(block, p.rowsPerBlock), i32.load(tap, 12)))
              f.if(i32.lessSigned(rowFrom, rowEnd), () => {
                forEachStrip(f, co, p.cout, [vectorStrip(2), vectorStrip(1), laneStrip], (strip) => {
                  f.set(ci, 0)
                  for (const rows of [4, 1]) {
                    f.while(
                      () => i32.lessSigned(i32.add(ci, rows - 1), p.cin),
                      () => {
                        tile(rows, strip)
                        f.increase(ci, rows)
                      },
                    )
                  }
                })
              })
              f.increase(dwTap, i32.mul(p.cin, coutBytes))
              f.increase(tap, 24)
            },
          )
          f.increase(block, p.rowsPerBlock)
        },
      )
      f.increase(xImage, i32.mul(i32.mul(p.inHeight, p.inWidth), cinBytes))
      f.increase(dyImage, i32.mul(i32.mul(p.outHeight, p.outWidth), coutBytes))
    })
  },
)
