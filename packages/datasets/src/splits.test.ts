import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawSplits, indicesByClass, largestRemainder, splitCounts } from './splits.ts'

const labelled = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 6, max: 200 }))
  .chain(([classes, count]) =>
    fc.record({
      classes: fc.constant(classes),
      labels: fc.uint8Array({ min: 0, max: classes - 1, minLength: count, maxLength: count }),
      size: fc.integer({ min: 0, max: count }),
      seed: fc.integer({ min: 0, max: 0xffffffff }),
    }),
  )

describe('largest remainder', () => {
  it('shares by hand-worked quotas: 10 over 3, 3, 1 is 4.29, 4.29, 1.43', () => {
    expect(largestRemainder([3, 3, 1], 10 / 2)).toEqual([2, 2, 1])
    expect(largestRemainder([300, 300, 100], 10)).toEqual([4, 4, 2])
  })

  it('gives the leftover to the lower class where remainders are equal', () => {
    expect(largestRemainder([5, 5, 5], 7)).toEqual([3, 2, 2])
  })

  it('sums to the total and stays within one of the exact quota', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (weights, part) => {
          const sum = weights.reduce((a, b) => a + b, 0)
          const total = Math.floor(part * sum)
          const shares = largestRemainder(weights, total)
          expect(shares.reduce((a, b) => a + b, 0)).toBe(total)
          shares.forEach((share, i) => {
            const quota = sum === 0 ? 0 : (total * (weights[i] ?? 0)) / sum
            expect(Math.abs(share - quota)).toBeLessThan(1)
            expect(share).toBeLessThanOrEqual(weights[i] ?? 0)
          })
        },
      ),
    )
  })
})

describe('splits', () => {
  it('part the training images into two ascending lists, stratified', () => {
    fc.assert(
      fc.property(labelled, ({ labels, classes, size, seed }) => {
        const { train, validation } = drawSplits(labels, classes, { name: 'x', validation: { size, seed } })
        expect(validation.length).toBe(size)
        expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...labels.keys()])
        expect([...train]).toEqual([...train].sort((a, b) => a - b))
        expect([...validation]).toEqual([...validation].sort((a, b) => a - b))
        const all = indicesByClass(labels, classes)
        const held = indicesByClass(
          Uint8Array.from(validation, (index) => labels[index] ?? 255),
          classes,
        )
        held.forEach((indices, c) => {
          expect(Math.abs(indices.length - (size * (all[c]?.length ?? 0)) / labels.length)).toBeLessThan(1)
        })
      }),
      { numRuns: 60 },
    )
  })

  it('draw a class-balanced subset first', () => {
    const labels = Uint8Array.from({ length: 90 }, (_, i) => i % 3)
    const options = { name: 'x', subset: { perClass: 10, seed: 1 }, validation: { size: 6, seed: 2 } }
    const { train, validation } = drawSplits(labels, 3, options)
    const perClass = (indices: Uint32Array) =>
      indicesByClass(
        Uint8Array.from(indices, (index) => labels[index] ?? 255),
        3,
      ).map((list) => list.length)
    expect(perClass(train)).toEqual([8, 8, 8])
    expect(perClass(validation)).toEqual([2, 2, 2])
    expect(new Set([...train, ...validation]).size).toBe(30)
  })

  it('depend on their own seeds alone', () => {
    const labels = Uint8Array.from({ length: 100 }, (_, i) => i % 5)
    const draw = (seed: number, subsetSeed: number) =>
      drawSplits(labels, 5, {
        name: 'x',
        subset: { perClass: 15, seed: subsetSeed },
        validation: { size: 10, seed },
      })
    expect(draw(3, 4)).toEqual(draw(3, 4))
    expect(draw(5, 4).validation).not.toEqual(draw(3, 4).validation)
    expect(draw(3, 5).train).not.toEqual(draw(3, 4).train)
  })

  it('can be counted without data', () => {
    const dataset = { counts: { train: 6000, test: 1000 }, classes: Array(10).fill('c') }
    const validation = { size: 600, seed: 0 }
    expect(splitCounts(dataset, { name: 'x', validation })).toEqual({
      train: 5400,
      validation: 600,
      test: 1000,
    })
    expect(splitCounts(dataset, { name: 'x', subset: { perClass: 80, seed: 0 }, validation })).toEqual({
      train: 200,
      validation: 600,
      test: 1000,
    })
  })
})
