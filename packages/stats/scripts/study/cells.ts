/** The grid of the study: every cell is simulated by itself, from a stream of random numbers named after it. */
import { z } from 'zod'

const shared = {
  images: z.int(),
  accuracy: z.number(),
  /** Standard deviation that seeds make, in points. */
  seedSpread: z.number(),
  /** Share of the images' variance that is of image x method. */
  ofMethod: z.number(),
  seeds: z.int(),
}

export const cellSchema = z.discriminatedUnion('kind', [
  /** Two entries of equal truth: how often they are told apart, and how often an entry's interval has the truth. */
  z.strictObject({ kind: z.literal('pair'), ...shared }),
  /** Several of equal truth: how often any is told apart from the leader, or from the baseline. */
  z.strictObject({ kind: z.literal('table'), ...shared, entries: z.int() }),
  /** Two that differ: how often they are told apart. */
  z.strictObject({ kind: z.literal('power'), ...shared, gap: z.number() }),
  /** Two of equal truth, one with few seeds and one with many: how often they are told apart. */
  z.strictObject({ kind: z.literal('unequal'), ...shared, otherSeeds: z.int() }),
  /** One seed against five, on a track of so many entries of three seeds: how often the interval has the truth. */
  z.strictObject({ kind: z.literal('one-seed'), ...shared, others: z.int() }),
])

export type Cell = z.infer<typeof cellSchema>

export function nameOf(cell: Cell): string {
  return Object.entries(cell)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ')
}

/** Image x method: about what networks of one family show, and nearly all of the images' variance. */
const sharesOfMethod = [0.3, 0.9]

function* grid(): Generator<Cell> {
  for (const images of [100, 1000, 10_000]) {
    for (const accuracy of [0.5, 0.8, 0.95]) {
      for (const seedSpread of [0, 0.25, 0.5, 1, 2]) {
        for (const ofMethod of sharesOfMethod) {
          for (const seeds of [2, 3, 5, 8, 12]) {
            yield { kind: 'pair', images, accuracy, seedSpread, ofMethod, seeds }
          }
        }
      }
    }
  }
  for (const images of [1000, 10_000]) {
    for (const seedSpread of [0.25, 1]) {
      for (const entries of [2, 5, 20, 40]) {
        for (const seeds of [2, 3, 5, 10]) {
          yield { kind: 'table', images, accuracy: 0.8, seedSpread, ofMethod: 0.3, seeds, entries }
        }
      }
    }
  }
  for (const images of [1000, 10_000]) {
    for (const seedSpread of [0.25, 0.5, 1]) {
      for (const gap of [0.25, 0.5, 1, 2]) {
        for (const seeds of [2, 3, 5, 8, 12]) {
          yield { kind: 'power', images, accuracy: 0.8, seedSpread, ofMethod: 0.3, seeds, gap }
        }
      }
    }
  }
  for (const images of [1000, 10_000]) {
    for (const seedSpread of [0.25, 1, 2]) {
      for (const seeds of [2, 3]) {
        yield { kind: 'unequal', images, accuracy: 0.8, seedSpread, ofMethod: 0.3, seeds, otherSeeds: 10 }
      }
    }
  }
  for (const images of [1000, 10_000]) {
    for (const seedSpread of [0.25, 1]) {
      for (const others of [0, 1, 4]) {
        yield { kind: 'one-seed', images, accuracy: 0.8, seedSpread, ofMethod: 0.3, seeds: 1, others }
      }
    }
  }
}

export const cells: readonly Cell[] = [...grid()]
