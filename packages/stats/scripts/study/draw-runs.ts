/** Right answers of runs that nobody trained, 32 images a word. */
import { createRandom } from '../../src/random.ts'

export interface Truth {
  /** N */
  readonly images: number
  /** Mean accuracy over seeds, in (0, 1). */
  readonly accuracy: number
  /** Standard deviation of accuracies that seeds make, as a share. */
  readonly seedSpread: number
  /**
   * Shares of the images on which all entries have one answer, and on which all runs of an entry have one; on the others
   * every run has its own. So the variance of image x method is `ofMethod` x accuracy (1 - accuracy).
   */
  readonly ofAll: number
  readonly ofMethod: number
}

/** xoshiro128** of Blackman and Vigna (https://prng.di.unimi.it), begun from the project's own generator. */
function createWords(seed: number, stream: string, index: number): () => number {
  const random = createRandom(seed, stream, index)
  let a = random.integer(2 ** 32)
  let b = random.integer(2 ** 32)
  let c = random.integer(2 ** 32)
  let d = random.integer(2 ** 32) | 1
  return () => {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result
  }
}

/** Bits that are 1 with a chance of so many 65536ths. */
function bernoulliWord(words: () => number, chance: number): number {
  let word = 0
  for (let bit = 0; bit < 16; bit++) {
    word = ((chance >>> bit) & 1) !== 0 ? word | words() : word & words()
  }
  return word
}

const toChance = (share: number) => Math.max(0, Math.min(65_535, Math.round(65_536 * share)))

/** The right answers of an entry's runs: a list of words a run. */
export type DrawnEntry = readonly Uint32Array[]

/**
 * Draws entries of one table.
 *
 * @param gaps of each entry, what its accuracy is above the truth's
 */
export function drawTable(
  truth: Truth,
  seeds: readonly number[],
  gaps: readonly number[],
  { seed, stream, index }: { readonly seed: number; readonly stream: string; readonly index: number },
): DrawnEntry[] {
  const { images, accuracy, seedSpread, ofAll, ofMethod } = truth
  const words = createWords(seed, stream, index)
  const normal = createRandom(seed, `${stream}/seeds`, index)
  const count = Math.ceil(images / 32)
  const chance = toChance(accuracy)
  const [endOfAll, endOfMethod] = [Math.round(count * ofAll), Math.round(count * (ofAll + ofMethod))]
  const lastMask = images % 32 === 0 ? -1 : (1 << (images % 32)) - 1
  const shared = Uint32Array.from({ length: endOfAll }, () => bernoulliWord(words, chance))
  return seeds.map((runs, entry) => {
    const own = Uint32Array.from({ length: endOfMethod - endOfAll }, () => bernoulliWord(words, chance))
    return Array.from({ length: runs }, () => {
      const shift = (gaps[entry] ?? 0) + seedSpread * normal.normal()
      // A better seed mends wrong answers, a worse one spoils right ones, each by chance.
      const flips = toChance(shift > 0 ? shift / (1 - accuracy) : -shift / accuracy)
      const run = new Uint32Array(count)
      for (let w = 0; w < count; w++) {
        const word =
          w < endOfAll
            ? (shared[w] as number)
            : w < endOfMethod
              ? (own[w - endOfAll] as number)
              : bernoulliWord(words, chance)
        const flipped = flips === 0 ? 0 : bernoulliWord(words, flips)
        run[w] = shift > 0 ? word | flipped : word & ~flipped
      }
      run[count - 1] = (run[count - 1] as number) & lastMask
      return run
    })
  })
}
