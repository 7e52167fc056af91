import { accuracyInterval, compareCrossed, trackSpread } from '../../src/crossed.ts'
import { sumOfProducts } from '../../src/image-sums.ts'
import { rankEntries } from '../../src/ranking.ts'
import { type Cell, nameOf } from './cells.ts'
import { type CountedEntry, countEntry } from './counts.ts'
import { drawTable, type Truth } from './draw-runs.ts'

/** What a cell's repetitions gave: counts out of `repetitions`. */
export interface Outcome {
  readonly repetitions: number
  /** Told apart at 5 %, after correction: of entries of equal truth, falsely. */
  readonly apart: number
  /** Any told apart from the baseline; of tables. */
  readonly apartFromBaseline?: number | undefined
  /** An entry's 95 % interval has the truth; of pairs. */
  readonly covered?: number | undefined
}

/** Of the whole study. */
const seed = 13

const level = 0.05

/** Runs a cell. The same cell and repetitions give the same outcome, whatever else is run. */
export function simulate(cell: Cell, repetitions: number): Outcome {
  const { images, accuracy, ofMethod } = cell
  const ofAll = ofMethod > 0.5 ? 0.05 : 0.2
  const truth: Truth = { images, accuracy, seedSpread: cell.seedSpread / 100, ofAll, ofMethod }
  const stream = `study/${nameOf(cell)}`
  const draw = (seeds: readonly number[], gaps: readonly number[], index: number) =>
    drawTable(truth, seeds, gaps, { seed, stream, index }).map((runs) => countEntry(runs, images))
  let apart = 0
  let apartFromBaseline = 0
  let covered = 0
  for (let index = 0; index < repetitions; index++) {
    switch (cell.kind) {
      case 'pair': {
        const [a, b] = draw([cell.seeds, cell.seeds], [0, 0], index)
        if (compare(a, b).pValue <= level) apart++
        // Both are of the same truth: either might be looked at.
        for (const entry of [a, b]) if (entry && has(entry, accuracy)) covered += 0.5
        break
      }
      case 'unequal': {
        const [a, b] = draw([cell.seeds, cell.otherSeeds], [0, 0], index)
        if (compare(a, b).pValue <= level) apart++
        break
      }
      case 'power': {
        const half = cell.gap / 200
        const [a, b] = draw([cell.seeds, cell.seeds], [half, -half], index)
        if (compare(a, b).pValue <= level) apart++
        break
      }
      case 'table': {
        const table = draw(
          Array.from({ length: cell.entries }, () => cell.seeds),
          [],
          index,
        )
        const ranked = rankEntries(
          table.map(({ counts, sums }, i) => ({ name: `${i}`, counts, sums: () => sums, baseline: i === 0 })),
        )
        if (ranked.some(({ rank }) => rank !== 1)) apart++
        if (ranked.some(({ againstBaseline }) => againstBaseline?.apart)) apartFromBaseline++
        break
      }
      case 'one-seed': {
        const [one, five, ...others] = draw(
          [1, 5, ...Array.from({ length: cell.others }, () => 3)],
          [],
          index,
        )
        const shown = [five, ...others].flatMap((entry) => entry?.counts ?? [])
        // Without others, as where nothing is known of the seeds.
        const track = cell.others === 0 ? null : trackSpread(shown)
        if (compare(one, five, track).pValue <= level) apart++
        break
      }
    }
  }
  return {
    repetitions,
    apart,
    ...(cell.kind === 'table' ? { apartFromBaseline } : {}),
    ...(cell.kind === 'pair' ? { covered } : {}),
  }
}

function compare(a?: CountedEntry, b?: CountedEntry, track: ReturnType<typeof trackSpread> = null) {
  if (!a || !b) throw new RangeError('two entries')
  return compareCrossed(a.counts, b.counts, sumOfProducts(a.sums, b.sums), { track })
}

function has({ counts }: CountedEntry, accuracy: number): boolean {
  const { lower, upper } = accuracyInterval(counts)
  return lower <= accuracy && accuracy <= upper
}
