import { createRandom, type Random } from '@mate-bench/stats'
import { describe, expect, it } from 'vitest'
import { cutout } from './cutout.ts'
import { horizontalFlip } from './horizontal-flip.ts'
import { randomCrop } from './random-crop.ts'
import { createAugment } from './registry.ts'

/** Draws the given integers, in order, and checks that each is below the bound. */
function drawing(...values: number[]): Random {
  return {
    ...createRandom(0, 'unused'),
    integer(bound) {
      const value = values.shift()
      if (value === undefined || value >= bound) throw new RangeError(`${value} of ${bound}`)
      return value
    },
  }
}

const counting = (length: number) => Float32Array.from({ length }, (_, i) => i + 1)

describe('random crop', () => {
  const facts = { imageShape: [3, 3, 1], black: [-9] } as const
  const crop = (mode: 'zero' | 'reflect', top: number, left: number) => {
    const image = counting(9)
    const augment = randomCrop.create({ name: 'random-crop', padding: 2, mode }, facts)
    augment(image, drawing(top, left))
    return [...image]
  }

  it('leaves the image as it is at the centre', () => {
    expect(crop('zero', 2, 2)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(crop('reflect', 2, 2)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('shows black where the image ends, as torchvision pads before it normalises', () => {
    expect(crop('zero', 0, 1)).toEqual([-9, -9, -9, -9, -9, -9, -9, 1, 2])
    expect(crop('zero', 3, 4)).toEqual([6, -9, -9, 9, -9, -9, -9, -9, -9])
  })

  it('mirrors without repeating the edge', () => {
    expect(crop('reflect', 0, 2)).toEqual([7, 8, 9, 4, 5, 6, 1, 2, 3])
    expect(crop('reflect', 2, 4)).toEqual([3, 2, 1, 6, 5, 4, 9, 8, 7])
  })

  it('reaches beyond an image that is smaller than its padding', () => {
    const row = (mode: 'zero' | 'reflect', left: number) => {
      const image = Float32Array.of(1, 2)
      const small = { imageShape: [1, 2, 1], black: [-9] } as const
      randomCrop.create({ name: 'random-crop', padding: 4, mode }, small)(image, drawing(4, left))
      return [...image]
    }
    expect([0, 3, 4, 5, 8].map((left) => row('zero', left))).toEqual([
      [-9, -9],
      [-9, 1],
      [1, 2],
      [2, -9],
      [-9, -9],
    ])
    expect([0, 1, 7, 8].map((left) => row('reflect', left))).toEqual([
      [1, 2],
      [2, 1],
      [2, 1],
      [1, 2],
    ])
  })

  it('moves all channels of a pixel together', () => {
    const image = counting(2 * 2 * 3)
    const options = { name: 'random-crop', padding: 1, mode: 'zero' } as const
    randomCrop.create(options, { imageShape: [2, 2, 3], black: [-1, -2, -3] })(image, drawing(1, 0))
    expect([...image]).toEqual([-1, -2, -3, 1, 2, 3, -1, -2, -3, 7, 8, 9])
  })

  it('reaches every position equally often', () => {
    const seen = new Map<number, number>()
    const augment = randomCrop.create(
      { name: 'random-crop', padding: 1, mode: 'zero' },
      { imageShape: [3, 3, 1], black: [0] },
    )
    for (let index = 0; index < 900; index++) {
      const image = counting(9)
      augment(image, createRandom(1, 'augmentation', 0, index))
      const centre = image[4] ?? 0
      seen.set(centre, (seen.get(centre) ?? 0) + 1)
    }
    expect([...seen.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    // 100 expected each; six standard deviations are 57.
    for (const count of seen.values()) expect(Math.abs(count - 100)).toBeLessThan(57)
  })
})

describe('horizontal flip', () => {
  const facts = { imageShape: [2, 3, 2], black: [0, 0] } as const
  const mirrored = [5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8]

  it('mirrors left and right, channels kept in order, and twice is the identity', () => {
    const image = counting(12)
    const flip = horizontalFlip.create({ name: 'horizontal-flip', probability: 1 }, facts)
    flip(image, createRandom(1, 'test'))
    expect([...image]).toEqual(mirrored)
    flip(image, createRandom(1, 'test'))
    expect(image).toEqual(counting(12))
  })

  it('flips the given share of the images', () => {
    const flip = horizontalFlip.create({ name: 'horizontal-flip', probability: 0.25 }, facts)
    let flipped = 0
    for (let index = 0; index < 1000; index++) {
      const image = counting(12)
      flip(image, createRandom(2, 'augmentation', 0, index))
      if (image[0] === 5) flipped++
    }
    expect(flipped).toBeGreaterThan(168) // 250 +- six standard deviations
    expect(flipped).toBeLessThan(332)
  })
})

describe('cutout', () => {
  const facts = { imageShape: [4, 4, 1], black: [-9] } as const
  const cut = (row: number, column: number) => {
    const image = counting(16)
    cutout.create({ name: 'cutout', size: 2 }, facts)(image, drawing(row, column))
    return [...image]
  }

  it('erases to the mean, from half a side before the centre to half a side behind it', () => {
    expect(cut(2, 1)).toEqual([1, 2, 3, 4, 0, 0, 7, 8, 0, 0, 11, 12, 13, 14, 15, 16])
  })

  it('is cut off at the border, so that a corner loses one pixel only', () => {
    expect(cut(0, 0)).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
    expect(cut(3, 3)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0, 13, 14, 0, 0])
  })

  it('erases all channels', () => {
    const image = counting(2 * 2 * 3)
    const options = { name: 'cutout', size: 4 } as const
    createAugment(options, { imageShape: [2, 2, 3], black: [0, 0, 0] })(image, drawing(1, 1))
    expect(image.every((value) => value === 0)).toBe(true)
  })
})
