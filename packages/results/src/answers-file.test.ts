import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answersOf, correctnessOf, decodeAnswers, encodeAnswers } from './answers-file.ts'

const exit = (predicted: readonly number[]) => ({
  predicted: Int32Array.from(predicted),
  confidence: new Float32Array(predicted.length),
  labelLogProbability: new Float32Array(predicted.length),
  labelRank: new Int32Array(predicted.length),
  entropy: new Float32Array(predicted.length),
})

describe('answers.npy', () => {
  it('says who was right, and which class the others gave', () => {
    const answers = answersOf({
      labels: Int32Array.of(3, 0, 2),
      classes: 4,
      exits: [exit([3, 1, 2]), exit([3, 0, 0])],
      ensemble: exit([1, 0, 2]),
    })
    expect(answers.exits.map((column) => [...column])).toEqual([
      [-1, 1, -1],
      [-1, -1, 0],
    ])
    expect([...correctnessOf(answers.ensemble)]).toEqual([0, 1, 1])
  })

  it('is the file that NumPy writes', () => {
    const bytes = encodeAnswers({ exits: [Int16Array.of(-1, 4)], ensemble: Int16Array.of(2, -1) })
    // numpy.save of numpy.array([[-1, 2], [4, -1]], dtype='i1')
    const header = `\x93NUMPY\x01\x00\x76\x00{'descr': '|i1', 'fortran_order': False, 'shape': (2, 2), }`
    const expected = Buffer.concat([
      Buffer.from(`${header.padEnd(127)}\n`, 'latin1'),
      Buffer.from(Int8Array.of(-1, 2, 4, -1).buffer),
    ])
    expect(Buffer.from(bytes)).toEqual(expected)
  })

  it('reads back what was written, of few classes and of many', () => {
    const answers = fc
      .tuple(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(9, 127, 128, 32_767),
      )
      .chain(([exits, images, most]) => {
        const column = fc
          .array(fc.integer({ min: -1, max: most }), { minLength: images, maxLength: images })
          .map((values) => Int16Array.from(values))
        return fc.record({
          exits: fc.array(column, { minLength: exits, maxLength: exits }),
          ensemble: column,
        })
      })
    fc.assert(
      fc.property(answers, (written) => {
        expect(decodeAnswers(encodeAnswers(written), 'answers.npy')).toEqual(written)
      }),
    )
  })

  it.each([
    ['no array', Uint8Array.of(1, 2, 3)],
    ['cut off', encodeAnswers({ exits: [Int16Array.of(1)], ensemble: Int16Array.of(1) }).slice(0, -1)],
    ['below -1', encodeAnswers({ exits: [Int16Array.of(-2)], ensemble: Int16Array.of(1) })],
  ])('refuses what is %s', (_, bytes) => {
    expect(() => decodeAnswers(bytes, 'answers.npy')).toThrow(expect.objectContaining({ code: 'bad-input' }))
  })
})
