import { defineFunction, i32, type Local, type Operand, v128 } from './assembler.ts'
import { forEachStrip, laneStrip, multiplyAdd, type Strip, vectorStrip } from './strips.ts'

/** Input channels of a tile of the filter. */
const tileChannels = 4

const min = (a: Operand, b: Operand) => i32.select(i32.lessSigned(a, b), a, b)
const max = (a: Operand, b: Operand) => i32.select(i32.lessSigned(a, b), b, a)

/**
 * Filter gradient of a convolution, NHWC:
 *
 *     dw[tap, ci, co] += sum over n, oy, ox of x[n, oy * stride + dy, ox * stride + dx, ci] * dY[n, oy, ox, co]
 *
 * Pixels of x are `xPixelBytes` apart, pixels of dY and rows of dw `dyPixelBytes`: more than `cin` and `cout` channels take,
 * where they are one group of a grouped convolution.
 * `taps` points at `tapCount` sextuples of i32: dy, dx, and the first and one-past-last oy and ox for which
 * the tap lies inside of x. Blocks of `imagesPerBlock` images by `rowsPerBlock` output rows are taken through
 * all taps; a tile of 4 x 8 of dw stays in registers over a block.
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
    imagesPerBlock: 'i32',
    rowsPerBlock: 'i32',
    xPixelBytes: 'i32',
    dyPixelBytes: 'i32',
  },
  (f, p) => {
    const xStep = f.local('i32')
    const { xImageBytes, dyImageBytes } = f.named('i32', 'xImageBytes', 'dyImageBytes')
    const { first, imageEnd, image, block } = f.named('i32', 'first', 'imageEnd', 'image', 'block')
    const { tap, tapEnd, rowFrom, rowEnd } = f.named('i32', 'tap', 'tapEnd', 'rowFrom', 'rowEnd')
    const { ci, co, oy, xAt } = f.named('i32', 'ci', 'co', 'oy', 'xAt')
    const { dyRow, dyAt, dyEnd } = f.named('i32', 'dyRow', 'dyAt', 'dyEnd')
    const { dwTap, dwAt } = f.named('i32', 'dwTap', 'dwAt')
    const sums = f.locals('v128', 2 * tileChannels)
    const gradients = f.locals('v128', 2)
    const pixel = f.local('v128')

    f.set(xStep, i32.mul(p.xPixelBytes, p.stride))
    f.set(xImageBytes, i32.mul(i32.mul(p.inHeight, p.inWidth), p.xPixelBytes))
    f.set(dyImageBytes, i32.mul(i32.mul(p.outHeight, p.outWidth), p.dyPixelBytes))

    /** Adds one row of pixels to the tile: `channels` input channels by one strip of output channels. */
    const addRow = (channels: number, strip: Strip) => {
      const row = i32.add(i32.mul(oy, p.stride), i32.load(tap))
      const column = i32.add(i32.mul(i32.load(tap, 16), p.stride), i32.load(tap, 4))
      const xPixel = i32.mul(i32.add(i32.mul(row, p.inWidth), column), p.xPixelBytes)
      f.set(xAt, i32.add(i32.add(p.x, i32.mul(image, xImageBytes)), i32.add(xPixel, i32.mul(ci, 4))))
      f.set(dyRow, i32.add(i32.add(p.dy, i32.mul(image, dyImageBytes)), i32.mul(co, 4)))
      f.increase(dyRow, i32.mul(i32.mul(oy, p.outWidth), p.dyPixelBytes))
      f.set(dyAt, i32.add(dyRow, i32.mul(i32.load(tap, 16), p.dyPixelBytes)))
      f.set(dyEnd, i32.add(dyRow, i32.mul(i32.load(tap, 20), p.dyPixelBytes)))
      f.while(
        () => i32.lessUnsigned(dyAt, dyEnd),
        () => {
          for (let q = 0; q < strip.vectors; q++) f.set(gradients[q] as Local, strip.load(dyAt, q))
          for (let c = 0; c < channels; c++) {
            f.set(pixel, v128.loadSplat(xAt, 4 * c))
            for (let q = 0; q < strip.vectors; q++) {
              multiplyAdd(f, sums[c * strip.vectors + q] as Local, pixel, gradients[q] as Local)
            }
          }
          f.increase(xAt, xStep)
          f.increase(dyAt, p.dyPixelBytes)
        },
      )
    }

    /** Takes the tile at (ci, co) out of dw, adds the block's pixels, and puts it back. */
    const tile = (channels: number, strip: Strip) => {
      const eachVector = (visit: (sum: Local, q: number) => void) => {
        f.set(dwAt, i32.add(dwTap, i32.add(i32.mul(ci, p.dyPixelBytes), i32.mul(co, 4))))
        for (let c = 0; c < channels; c++) {
          for (let q = 0; q < strip.vectors; q++) visit(sums[c * strip.vectors + q] as Local, q)
          if (c + 1 < channels) f.increase(dwAt, p.dyPixelBytes)
        }
      }
      eachVector((sum, q) => f.set(sum, strip.load(dwAt, q)))
      f.for(image, first, imageEnd, 1, () => f.for(oy, rowFrom, rowEnd, 1, () => addRow(channels, strip)))
      eachVector((sum, q) => f.emit(strip.store(dwAt, sum, q)))
    }

    const allTilesOfTap = () => {
      forEachStrip(f, co, p.cout, [vectorStrip(2), vectorStrip(1), laneStrip], (strip) => {
        f.set(ci, 0)
        for (const channels of [tileChannels, 1]) {
          f.while(
            () => i32.lessSigned(i32.add(ci, channels - 1), p.cin),
            () => {
              tile(channels, strip)
              f.increase(ci, channels)
            },
          )
        }
      })
    }

    const allTaps = () => {
      f.set(tap, p.taps)
      f.set(tapEnd, i32.add(p.taps, i32.mul(p.tapCount, 24)))
      f.set(dwTap, p.dw)
      f.while(
        () => i32.lessUnsigned(tap, tapEnd),
        () => {
          f.set(rowFrom, max(block, i32.load(tap, 8)))
          f.set(rowEnd, min(i32.add(block, p.rowsPerBlock), i32.load(tap, 12)))
          f.if(i32.lessSigned(rowFrom, rowEnd), allTilesOfTap)
          f.increase(dwTap, i32.mul(p.cin, p.dyPixelBytes))
          f.increase(tap, 24)
        },
      )
    }

    f.set(first, 0)
    f.while(
      () => i32.lessSigned(first, p.batch),
      () => {
        f.set(imageEnd, min(i32.add(first, p.imagesPerBlock), p.batch))
        f.set(block, 0)
        f.while(
          () => i32.lessSigned(block, p.outHeight),
          () => {
            allTaps()
            f.increase(block, p.rowsPerBlock)
          },
        )
        f.set(first, imageEnd)
      },
    )
  },
)
