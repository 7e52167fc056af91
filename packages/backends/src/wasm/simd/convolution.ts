import { defineFunction, i32, type Local, v128 } from './assembler.ts'
import { forEachStrip, laneStrip, multiplyAdd, type Strip, vectorStrip } from './strips.ts'

/** Output pixels that are computed together: three measured faster than two, four, five or six. */
export const groupPixels = 3

/**
 * Direct convolution, NHWC, by way of a table of where each tap of each output pixel reads:
 *
 *     y[n, pixel, :] = sum over taps of x[n, source(pixel, tap), :] . weights[tap]
 *
 * `sources` holds, for each group of `groupPixels` output pixels and each tap, as many byte offsets into an image of x, or -1
 * where the tap lies outside and counts as zero (`zeros` points at cin zeros). `targets` holds, for each
 * group, as many byte offsets into an image of y. The same table serves every image and every strip of channels,
 * strides and interleaved outputs are nothing but other tables, and a last group that is not full repeats
 * its last pixel.
 *
 * `weights` are packed strip after strip (8 output channels, then 4, then single ones), each strip as
 * [tap, cin, width], so that they are read in one forward sweep. A tile of pixels x 8 channels stays in
 * registers until all taps are summed, in the order of the taps and of cin.
 */
export const convolve = defineFunction(
  'convolve',
  {
    x: 'i32',
    y: 'i32',
    sources: 'i32',
    targets: 'i32',
    groups: 'i32',
    tapCount: 'i32',
    weights: 'i32',
    zeros: 'i32',
    batch: 'i32',
    cin: 'i32',
    cout: 'i32',
    xImageBytes: 'i32',
    yImageBytes: 'i32',
  },
  (f, p) => {
    const int = () => f.local('i32')
    const [image, channel, xImage, yStrip, source, target, group] = [
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
      int(),
    ]
    const [stripWeights, tapWeights, weight, tap, left] = [int(), int(), int(), int(), int()]
    const [both, outside] = [int(), int()]
    const offsets = f.locals('i32', groupPixels)
    const pointers = f.locals('i32', groupPixels)
    const sums = f.locals('v128', 2 * groupPixels)
    const weights = f.locals('v128', 2)
    const pixel = f.local('v128')

    /** Adds the products of one input channel, `k` channels further on. */
    const channelStep = (strip: Strip, k: number) => {
      for (let q = 0; q < strip.vectors; q++)
        f.set(weights[q] as Local, strip.load(weight, q, 4 * strip.channels * k))
      pointers.forEach((pointer, i) => {
        f.set(pixel, v128.loadSplat(pointer, 4 * k))
        for (let q = 0; q < strip.vectors; q++) {
          multiplyAdd(f, sums[i * strip.vectors + q] as Local, pixel, weights[q] as Local)
        }
      })
    }

    const oneTap = (strip: Strip) => {
      offsets.forEach((offset, i) => {
        f.set(offset, i32.load(source, 4 * i))
        f.set(outside, i32.lessSigned(offset, 0))
        f.set(pointers[i] as Local, i32.select(outside, p.zeros, i32.add(xImage, offset)))
        f.set(both, i === 0 ? outside : i32.and(both, outside))
      })
      // A tap that lies outside for the whole group, as in the first and last rows, is passed over.
      f.if(i32.eq(both, 0), () => {
        f.set(weight, tapWeights)
        f.set(left, p.cin)
        for (const unroll of [4, 1]) {
          f.while(
            () => i32.greaterEqualSigned(left, unroll),
            () => {
              for (let k = 0; k < unroll; k++) channelStep(strip, k)
              f.increase(weight, 4 * unroll * strip.channels)
              for (const pointer of pointers) f.increase(pointer, 4 * unroll)
              f.increase(left, -unroll)
            },
          )
        }
      })
      f.increase(source, 4 * groupPixels)
      f.increase(tapWeights, i32.mul(p.cin, 4 * strip.channels))
    }

    f.set(xImage, p.x)
    f.for(image, 0, p.batch, 1, () => {
      forEachStrip(f, channel, p.cout, [vectorStrip(2), vectorStrip(1), laneStrip], (strip) => {
        f.set(stripWeights, i32.add(p.weights, i32.mul(channel, i32.mul(p.tapCount, i32.mul(p.cin, 4)))))
        f.set(yStrip, i32.add(i32.add(p.y, i32.mul(image, p.yImageBytes)), i32.mul(channel, 4)))
        f.set(source, p.sources)
        f.set(target, p.targets)
        f.for(group, 0, p.groups, 1, () => {
          for (let i = 0; i < groupPixels * strip.vectors; i++) f.set(sums[i] as Local, v128.zero)
          f.set(tapWeights, stripWeights)
          f.for(tap, 0, p.tapCount, 1, () => oneTap(strip))
          for (let i = 0; i < groupPixels; i++) {
            f.set(weight, i32.add(yStrip, i32.load(target, 4 * i)))
            for (let q = 0; q < strip.vectors; q++)
              f.emit(strip.store(weight, sums[i * strip.vectors + q] as Local, q))
          }
          f.increase(target, 4 * groupPixels)
        })
      })
      f.increase(xImage, p.xImageBytes)
    })
  },
)

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
