import { defineFunction, i32, type Local, v128 } from './assembler.ts'
import { groupPixels } from './convolution.ts'
import { forEachStrip, laneStrip, multiplyAdd, vectorStrip } from './strips.ts'

const strips = [vectorStrip(2), vectorStrip(1), laneStrip]

/**
 * Depthwise convolution over the same tables as `convolve`; `weights` is [tap, channels]:
 *
 *     y[n, pixel, c] = sum over taps of x[n, source(pixel, tap), c] * weights[tap, c]
 *
 * `zeros` points at as many zeros as there are channels.
 */
export const depthwise = defineFunction(
  'depthwise',
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
    channels: 'i32',
    xImageBytes: 'i32',
    yImageBytes: 'i32',
  },
  (f, p) => {
    const { image, group, tap, channel, source, target, at, weightAt } = f.named(
      'i32',
      'image',
      'group',
      'tap',
      'channel',
      'source',
      'target',
      'at',
      'weightAt',
    )
    const { xImage, yImage, groupSources } = f.named('i32', 'xImage', 'yImage', 'groupSources')
    const sums = f.locals('v128', 2 * groupPixels)
    const weights = f.locals('v128', 2)
    f.set(xImage, p.x)
    f.set(yImage, p.y)
    f.for(image, 0, p.batch, 1, () => {
      f.set(groupSources, p.sources)
      f.set(target, p.targets)
      f.for(group, 0, p.groups, 1, () => {
        forEachStrip(f, channel, p.channels, strips, (strip) => {
          const sum = (i: number, q: number) => sums[i * strip.vectors + q] as Local
          for (let i = 0; i < groupPixels * strip.vectors; i++) f.set(sums[i] as Local, v128.zero)
          f.set(source, groupSources)
          f.set(weightAt, i32.add(p.weights, i32.mul(channel, 4)))
          f.for(tap, 0, p.tapCount, 1, () => {
            for (let q = 0; q < strip.vectors; q++) f.set(weights[q] as Local, strip.load(weightAt, q))
            for (let i = 0; i < groupPixels; i++) {
              f.set(at, i32.load(source, 4 * i))
              f.set(at, i32.select(i32.lessSigned(at, 0), p.zeros, i32.add(xImage, at)))
              f.increase(at, i32.mul(channel, 4))
              for (let q = 0; q < strip.vectors; q++)
                multiplyAdd(f, sum(i, q), strip.load(at, q), weights[q] as Local)
            }
            f.increase(source, 4 * groupPixels)
            f.increase(weightAt, i32.mul(p.channels, 4))
          })
          for (let i = 0; i < groupPixels; i++) {
            f.set(at, i32.add(i32.add(yImage, i32.load(target, 4 * i)), i32.mul(channel, 4)))
            for (let q = 0; q < strip.vectors; q++) f.emit(strip.store(at, sum(i, q), q))
          }
        })
        f.increase(target, 4 * groupPixels)
        f.increase(groupSources, i32.mul(p.tapCount, 4 * groupPixels))
      })
      f.increase(xImage, p.xImageBytes)
      f.increase(yImage, p.yImageBytes)
    })
  },
)

/**
 * Filter gradient of a depthwise convolution:
 *
 *     dw[tap, c] = sum over n, oy, ox of x[n, oy * stride + dy, ox * stride + dx, c] * dY[n, oy, ox, c]
 *
 * `taps` as for `filterGradient`.
 */
export const depthwiseFilterGradient = defineFunction(
  'depthwiseFilterGradient',
  {
    x: 'i32',
    dy: 'i32',
    dw: 'i32',
    taps: 'i32',
    tapCount: 'i32',
    batch: 'i32',
    inHeight: 'i32',
    inWidth: 'i32',
    outHeight: 'i32',
    outWidth: 'i32',
    channels: 'i32',
    stride: 'i32',
  },
  (f, p) => {
    const { image, tap, channel, oy, xAt, dyAt, dyEnd, dyRow, to, left } = f.named(
      'i32',
      'image',
      'tap',
      'channel',
      'oy',
      'xAt',
      'dyAt',
      'dyEnd',
      'dyRow',
      'to',
      'left',
    )
    const { xImage, dyImage, pixelBytes } = f.named('i32', 'xImage', 'dyImage', 'pixelBytes')
    const sums = f.locals('v128', 2)
    f.set(pixelBytes, i32.mul(p.channels, 4))
    f.clear(p.dw, i32.mul(p.tapCount, pixelBytes))
    f.set(xImage, p.x)
    f.set(dyImage, p.dy)
    f.for(image, 0, p.batch, 1, () => {
      f.set(tap, p.taps)
      f.set(to, p.dw)
      f.for(left, 0, p.tapCount, 1, () => {
        forEachStrip(f, channel, p.channels, strips, (strip) => {
          const offset = i32.mul(channel, 4)
          for (let q = 0; q < strip.vectors; q++) f.set(sums[q] as Local, strip.load(i32.add(to, offset), q))
          f.set(oy, i32.load(tap, 8))
          f.while(
            () => i32.lessSigned(oy, i32.load(tap, 12)),
            () => {
              const row = i32.add(i32.mul(oy, p.stride), i32.load(tap))
              const column = i32.add(i32.mul(i32.load(tap, 16), p.stride), i32.load(tap, 4))
              f.set(
                xAt,
                i32.add(
                  i32.add(xImage, offset),
                  i32.mul(i32.add(i32.mul(row, p.inWidth), column), pixelBytes),
                ),
              )
              f.set(dyRow, i32.add(i32.add(dyImage, offset), i32.mul(i32.mul(oy, p.outWidth), pixelBytes)))
              f.set(dyAt, i32.add(dyRow, i32.mul(i32.load(tap, 16), pixelBytes)))
              f.set(dyEnd, i32.add(dyRow, i32.mul(i32.load(tap, 20), pixelBytes)))
              f.while(
                () => i32.lessUnsigned(dyAt, dyEnd),
                () => {
                  for (let q = 0; q < strip.vectors; q++) {
                    multiplyAdd(f, sums[q] as Local, strip.load(xAt, q), strip.load(dyAt, q))
                  }
                  f.increase(xAt, i32.mul(pixelBytes, p.stride))
                  f.increase(dyAt, pixelBytes)
                },
              )
              f.increase(oy, 1)
            },
          )
          for (let q = 0; q < strip.vectors; q++)
            f.emit(strip.store(i32.add(to, offset), sums[q] as Local, q))
        })
        f.increase(tap, 24)
        f.increase(to, pixelBytes)
      })
      f.increase(xImage, i32.mul(i32.mul(p.inHeight, p.inWidth), pixelBytes))
      f.increase(dyImage, i32.mul(i32.mul(p.outHeight, p.outWidth), pixelBytes))
    })
  },
)
