import { type PredictionTable, predictionsFromLogits } from '@mate-bench/stats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnProblems } from './check-columns.ts'

const image = (row: number) => `image ${row}`

/** Any network's logits, of any size, on any labels. */
const tables = fc
  .record({
    classes: fc.integer({ min: 2, max: 12 }),
    exits: fc.integer({ min: 1, max: 4 }),
    images: fc.integer({ min: 1, max: 6 }),
    scale: fc.constantFrom(0, 1e-20, 0.01, 1, 5, 40, 1e4, 1e30),
    seed: fc.integer(),
  })
  .map(({ classes, exits, images, scale, seed }) => {
    const logits = Array.from({ length: exits }, (_, k) =>
      Float32Array.from({ length: images * classes }, (__, i) => scale * Math.sin(seed + i * 7.3 + k * 1.9)),
    )
    const labels = Int32Array.from({ length: images }, (_, i) => Math.abs(seed + i) % classes)
    return predictionsFromLogits(logits, labels, classes)
  })

/** Three exits on four images of five classes. */
function sample(): PredictionTable {
  const logits = Array.from({ length: 3 }, (_, k) =>
    Float32Array.from({ length: 20 }, (__, i) => 3 * Math.sin(i * 1.7 + k)),
  )
  return predictionsFromLogits(logits, Int32Array.of(0, 1, 2, 3), 5)
}

describe('columns of predictions', () => {
  it('are possible together for the softmax of any logits', () => {
    fc.assert(
      fc.property(tables, (table) => {
        expect(columnProblems(table, image)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it.each(['confidence', 'labelLogProbability', 'entropy'] as const)(
    'refuse %s that is NaN, naming exit and image',
    (column) => {
      const table = sample()
      const exit = table.exits[1]
      if (exit) exit[column][2] = Number.NaN
      expect(columnProblems(table, image)).toEqual([
        expect.stringMatching(/^image 2, exit 2: .* is NaN, not a finite number$/),
      ])
    },
  )

  const forgeries: [string, (table: PredictionTable) => void, RegExp][] = [
    [
      'ranks of zero beside wrong classes',
      ({ exits }) => exits.map(({ labelRank }) => labelRank.fill(0)),
      /not the label .*rank is 0/,
    ],
    [
      'labels that are the predictions, ranks as they were',
      ({ labels, exits }) => labels.set(exits[2]?.predicted ?? []),
      /is the label, whose rank is|is not the label/,
    ],
    ['labels of no class', ({ labels }) => labels.fill(5), /none of 5 classes/],
    [
      'perfect predictions that only classes and ranks tell',
      ({ labels, exits, ensemble }) => {
        for (const { predicted, labelRank } of [...exits, ensemble]) {
          predicted.set(labels)
          labelRank.fill(0)
        }
      },
      /probability is/,
    ],
    ['confidences above 1', ({ ensemble }) => ensemble.confidence.fill(1.5), /not in \[1\/5, 1\]/],
    [
      'confidences that no class can have',
      ({ ensemble }) => ensemble.confidence.fill(0.1),
      /not in \[1\/5, 1\]/,
    ],
    ['entropies above ln C', ({ exits }) => exits[0]?.entropy.fill(2), /entropy 2 does not go/],
    ['entropies below 0', ({ exits }) => exits[0]?.entropy.fill(-0.5), /entropy -0.5 does not go/],
    ['log-probabilities above 0', ({ exits }) => exits[0]?.labelLogProbability.fill(0.1), /above 0/],
    [
      'an ensemble that is one of the exits',
      (table) => {
        for (const [name, column] of Object.entries(table.ensemble)) {
          column.set(Reflect.get(table.exits[0] ?? {}, name))
        }
      },
      /the ensemble: .*the exits' mean gives/,
    ],
  ]
  it.each(forgeries)('refuse %s', (_, forge, expected) => {
    const table = sample()
    forge(table)
    expect(columnProblems(table, image).join('\n')).toMatch(expected)
  })

  it('tell the first twenty problems of a file that is wrong everywhere', () => {
    const table = predictionsFromLogits([new Float32Array(1000)], new Int32Array(500), 2)
    table.exits[0]?.confidence.fill(Number.NaN)
    expect(columnProblems(table, image)).toHaveLength(20)
  })
})
