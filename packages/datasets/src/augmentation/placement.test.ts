import { createRandom, type Random } from '@mate-bench/stats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalisationTable } from '../normalise.ts'
import { drawBox } from './random-resized-crop.ts'
import { augmentationOptions, createPlacement, isPlacement } from './registry.ts'

/** Draws the given numbers in order. */
function drawing(uniforms: number[], integers: number[] = []): Random {
  return {
    ...createRandom(0, 'unused'),
    uniform: () => uniforms.shift() ?? Number.NaN,
    integer: () => integers.shift() ?? Number.NaN,
  }
}

/** A byte is its own normalised value. */
const asItIs = normalisationTable({ mean: [0], std: [1 / 255] })
const placed = (
  options: unknown,
  source: { bytes: Uint8Array; height: number; width: number },
  [height, width]: [number, number],
  random: Random,
) => {
  const parsed = augmentationOptions.parse(options)
  if (!isPlacement(parsed)) throw new Error('Not a placement.')
  const image = new Float32Array(height * width)
  createPlacement(parsed, { imageShape: [height, width, 1], table: asItIs })(source, image, random)
  return [...image]
}

const counting = (height: number, width: number) => ({
  bytes: Uint8Array.from({ length: height * width }, (_, i) => i),
  height,
  width,
})
const none = drawing([])

describe('centre crop', () => {
  it('takes the middle, an odd row and column more at the bottom and right', () => {
    expect(placed({ name: 'centre-crop' }, counting(4, 5), [2, 2], none)).toEqual([6, 7, 11, 12])
    expect(placed({ name: 'centre-crop' }, counting(2, 2), [2, 2], none)).toEqual([0, 1, 2, 3])
  })

  it('refuses an image that is smaller', () => {
    expect(() => placed({ name: 'centre-crop' }, counting(2, 3), [3, 3], none)).toThrow(
      'has no crop of 3 x 3',
    )
  })
})

describe('random resized crop', () => {
  const options = { name: 'random-resized-crop', scale: [0.25, 0.25], ratio: [1, 1] }

  it('has the defaults of the paper and torchvision', () => {
    expect(augmentationOptions.parse({ name: 'random-resized-crop' })).toEqual({
      name: 'random-resized-crop',
      scale: [0.08, 1],
      ratio: [3 / 4, 4 / 3],
    })
    expect(augmentationOptions.safeParse({ ...options, scale: [0.5, 0.2] }).success).toBe(false)
  })

  it('takes a box of the drawn area and place as it is where the sizes agree', () => {
    // A quarter of 4 x 4 is 2 x 2, at row 1 and column 2.
    expect(placed(options, counting(4, 4), [2, 2], drawing([0, 0], [1, 2]))).toEqual([6, 7, 10, 11])
  })

  it('interpolates between half-pixel centres, and repeats the edge', () => {
    // Two pixels 0 and 100 stretched to four: centres at -0.25, 0.25, 0.75, 1.25.
    const source = { bytes: Uint8Array.of(0, 100), height: 1, width: 2 }
    const whole = { name: 'random-resized-crop', scale: [1, 1], ratio: [2, 2] }
    expect(placed(whole, source, [1, 4], drawing([0, 0], [0, 0]))).toEqual([0, 25, 75, 100])
    const square = { bytes: Uint8Array.of(0, 100, 200, 100), height: 2, width: 2 }
    const all = { name: 'random-resized-crop', scale: [1, 1], ratio: [1, 1] }
    expect(placed(all, square, [1, 1], drawing([0, 0], [0, 0]))).toEqual([100])
  })

  it('normalises what it interpolated', () => {
    const table = normalisationTable({ mean: [0.5], std: [0.25] })
    const image = new Float32Array(1)
    const parsed = augmentationOptions.parse({ name: 'random-resized-crop', scale: [1, 1], ratio: [2, 2] })
    if (!isPlacement(parsed)) throw new Error('Not a placement.')
    const place = createPlacement(parsed, { imageShape: [1, 1, 1], table })
    place({ bytes: Uint8Array.of(51, 102), height: 1, width: 2 }, image, drawing([0, 0], [0, 0]))
    expect(image[0]).toBeCloseTo((76.5 / 255 - 0.5) / 0.25, 6)
  })

  it('takes the largest central crop after ten that do not fit', () => {
    const wide = { height: 10, width: 100 }
    const all = { scale: [1, 1], ratio: [3 / 4, 4 / 3] } as const
    expect(drawBox(wide, all, drawing(Array(20).fill(0)))).toEqual({
      top: 0,
      left: 43,
      height: 10,
      width: 13,
    })
    const tall = { height: 100, width: 10 }
    expect(drawBox(tall, all, drawing(Array(20).fill(0)))).toEqual({
      top: 43,
      left: 0,
      height: 13,
      width: 10,
    })
  })

  it('lies in the image, has a share and shape that were asked for, and draws alike for the same image', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 400 }),
        fc.nat(1e6),
        (height, width, index) => {
          const facts = { scale: [0.08, 1], ratio: [3 / 4, 4 / 3] } as const
          const draw = () => drawBox({ height, width }, facts, createRandom(1, 'augmentation', 0, index))
          const box = draw()
          expect(draw()).toEqual(box)
          expect(box.top).toBeGreaterThanOrEqual(0)
          expect(box.left).toBeGreaterThanOrEqual(0)
          expect(box.height).toBeGreaterThan(0)
          expect(box.width).toBeGreaterThan(0)
          expect(box.top + box.height).toBeLessThanOrEqual(height)
          expect(box.left + box.width).toBeLessThanOrEqual(width)
        },
      ),
    )
  })
})
