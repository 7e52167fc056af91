import { describe, expect, it } from 'vitest'
import { createRandom, philox4x32 } from './random.ts'

const hex = (words: readonly number[]) => words.map((w) => w.toString(16).padStart(8, '0')).join(' ')

describe('philox4x32-10', () => {
  // Known-answer vectors of the Random123 distribution (kat_vectors).
  it('matches the published vectors', () => {
    expect(hex(philox4x32([0, 0, 0, 0], [0, 0]))).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8')
    const ones = 0xffffffff
    expect(hex(philox4x32([ones, ones, ones, ones], [ones, ones]))).toBe(
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    )
    expect(hex(philox4x32([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]))).toBe(
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    )
  })
})

describe('createRandom', () => {
  it('gives the same stream for the same name and other streams for other names', () => {
    const draw = (seed: number, stream: string, a = 0, b = 0) => {
      const random = createRandom(seed, stream, a, b)
      return Array.from({ length: 6 }, () => random.uint32())
    }
    expect(draw(7, 'weights')).toEqual(draw(7, 'weights'))
    const others = [draw(8, 'weights'), draw(7, 'order'), draw(7, 'weights', 1), draw(7, 'weights', 0, 1)]
    for (const other of others) expect(other).not.toEqual(draw(7, 'weights'))
  })

  it('draws uniform and normal numbers with the right moments', () => {
    const random = createRandom(1, 'moments')
    const n = 200_000
    let uniformSum = 0
    let normalSum = 0
    let normalSquares = 0
    for (let i = 0; i < n; i++) {
      uniformSum += random.uniform()
      const z = random.normal()
      normalSum += z
      normalSquares += z * z
    }
    expect(uniformSum / n).toBeCloseTo(0.5, 2)
    expect(normalSum / n).toBeCloseTo(0, 1)
    expect(normalSquares / n).toBeCloseTo(1, 1)
  })

  it('shuffles to a permutation and draws integers below the bound', () => {
    const random = createRandom(3, 'shuffle')
    const items = random.shuffle(Uint32Array.from({ length: 100 }, (_, i) => i))
    expect([...items].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(items[0] === 0 && items[1] === 1 && items[2] === 2).toBe(false)
    for (let i = 0; i < 1000; i++) expect(random.integer(7)).toBeLessThan(7)
  })
})
