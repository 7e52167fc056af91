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
    const { image, channel, xImage, yStrip, source, target, group } = f.named(
      'i32',
      'image',
      'channel',
      'xImage',
      'yStrip',
      'source',
      'target',
      'group',
    )
    const { stripWeights, tapWeights, weight, tap, left } = f.named(
      'i32',
      'stripWeights',
      'tapWeights',
      'weight',
      'tap',
      'left',
    )
    const { both, outside } = f.named('i32', 'both', 'outside')
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
