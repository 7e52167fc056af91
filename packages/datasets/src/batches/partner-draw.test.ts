import { describe, expect, it } from 'vitest'
import { createPartnerDraw } from './partner-draw.ts'

/** Classes 0 to 2 by turns; image 12 alone is of class 3. */
const labels = Uint8Array.from({ length: 13 }, (_, i) => (i === 12 ? 3 : i % 3))
const indices = Uint32Array.from({ length: 13 }, (_, i) => i).filter((i) => i !== 3)

const open = (count: number, distinct: boolean, seed = 1) =>
  createPartnerDraw({ labels, indices, seed, count, distinct })

describe('drawing partners', () => {
  it('draws from the class and from the training split alone', () => {
    const { draw } = open(3, false)
    for (const index of indices) {
      for (const partner of draw(index, 0)) {
        expect(labels[partner]).toBe(labels[index])
        expect(partner).not.toBe(3)
      }
    }
    expect(() => draw(3, 0)).toThrow('Image 3 is not in the training split')
  })

  it('draws every other image of the class in the long run, and the image itself only where that is allowed', () => {
    const seen = (distinct: boolean) => {
      const { draw } = open(1, distinct)
      return [...new Set(Array.from({ length: 200 }, (_, epoch) => draw(4, epoch)).flat())].sort(
        (a, b) => a - b,
      )
    }
    expect(seen(true)).toEqual([1, 7, 10])
    expect(seen(false)).toEqual([1, 4, 7, 10])
  })

  it('draws different ones as far as the class has them', () => {
    const drawn = open(3, true).draw(4, 5)
    expect([...drawn].sort((a, b) => a - b)).toEqual([1, 7, 10])
    const many = open(5, true).draw(4, 5)
    expect(many).toHaveLength(5)
    expect(many).not.toContain(4)
    expect(open(2, true).draw(12, 0)).toEqual([12, 12])
  })

  it('depends on seed, epoch and image, not on what was drawn before', () => {
    const fresh = open(4, false).draw(5, 7)
    const { draw } = open(4, false)
    for (const index of indices) draw(index, 7)
    expect(draw(5, 7)).toEqual(fresh)
    const others = [open(4, false, 2).draw(5, 7), draw(5, 8), draw(8, 7)]
    for (const other of others) expect(other).not.toEqual(fresh)
  })
})
