import { defineFunction, f32x4, i32, v128 } from './assembler.ts'
import { forEachStrip, laneStrip, vectorStrip } from './strips.ts'

/**
 * Gradient of max pooling, NHWC: dY goes to the first element of the window that equals the maximum y.
 *
 * `sources` holds, for each output pixel and each place of the window, a byte offset into an image of x, or
 * -1 where the place lies outside. dx must be zero.
 */
export const maxPoolGradient = defineFunction(
  'maxPoolGradient',
  {
    x: 'i32',
    y: 'i32',
    dy: 'i32',
    dx: 'i32',
    sources: 'i32',
    pixels: 'i32',
    places: 'i32',
    batch: 'i32',
    channels: 'i32',
    imageBytes: 'i32',
  },
  (f, p) => {
    const { image, pixel, place, channel, source, pixelSources, offset, at } = f.named(
      'i32',
      'image',
      'pixel',
      'place',
      'channel',
      'source',
      'pixelSources',
      'offset',
      'at',
    )
    const { output, imageOffset } = f.named('i32', 'output', 'imageOffset')
    const { maximum, gradient, taken, hit } = f.named('v128', 'maximum', 'gradient', 'taken', 'hit')
    f.for(image, 0, p.batch, 1, () => {
      f.set(pixelSources, p.sources)
      f.for(pixel, 0, p.pixels, 1, () => {
        forEachStrip(f, channel, p.channels, [vectorStrip(1), laneStrip], (strip) => {
          f.set(at, i32.add(output, i32.mul(channel, 4)))
          f.set(maximum, strip.load(i32.add(p.y, at), 0))
          f.set(gradient, strip.load(i32.add(p.dy, at), 0))
          f.set(taken, v128.zero)
          f.set(source, pixelSources)
          f.for(place, 0, p.places, 1, () => {
            f.set(offset, i32.load(source))
            f.if(i32.greaterEqualSigned(offset, 0), () => {
              f.set(at, i32.add(i32.add(imageOffset, offset), i32.mul(channel, 4)))
              f.set(hit, v128.andNot(f32x4.equal(strip.load(i32.add(p.x, at), 0), maximum), taken))
              f.set(taken, v128.or(taken, hit))
              const sum = f32x4.add(strip.load(i32.add(p.dx, at), 0), v128.and(gradient, hit))
              f.emit(strip.store(i32.add(p.dx, at), sum, 0))
            })
            f.increase(source, 4)
          })
        })
        f.increase(output, i32.mul(p.channels, 4))
        f.set(pixelSources, source)
      })
      f.increase(imageOffset, p.imageBytes)
    })
  },
)
