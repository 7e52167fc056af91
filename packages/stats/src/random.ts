/**
 * The project's only source of randomness: Philox4x32-10, a counter-based generator.
 *
 * Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011. Counter-based means
 * that the n-th number of a stream is a pure function of (seed, stream, counter): image 17 of epoch 3 gets
 * the same crop whichever worker prepares it, and another framework can draw the very same numbers.
 */

const M0 = 0xd2511f53
const M1 = 0xcd9e8d57
const W0 = 0x9e3779b9
const W1 = 0xbb67ae85

/** High 32 bits of the unsigned product of two 32-bit integers. */
function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const cross = ((aLow * bLow) >>> 16) + aHigh * bLow
  const middle = (cross & 0xffff) + aLow * bHigh
  return (aHigh * bHigh + Math.floor(cross / 0x10000) + Math.floor(middle / 0x10000)) >>> 0
}

/** One block of Philox4x32-10: four 32-bit counters and two 32-bit keys to four 32-bit outputs. */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(M0, c0)
    const low0 = Math.imul(M0, c0) >>> 0
    const high1 = mulHigh(M1, c2)
    const low1 = Math.imul(M1, c2) >>> 0
    const next0 = (high1 ^ c1 ^ k0) >>> 0
    const next2 = (high0 ^ c3 ^ k1) >>> 0
    c0 = next0
    c1 = low1
    c2 = next2
    c3 = low0
    k0 = (k0 + W0) >>> 0
    k1 = (k1 + W1) >>> 0
  }
  return [c0, c1, c2, c3]
}

/** FNV-1a over UTF-16 code units: names a stream by a word, so that adding a stream moves no other. */
function streamId(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0
  return hash
}

export interface Random {
  /** Uniform integer in [0, 2^32). */
  uint32(): number
  /** Uniform in [0, 1), 53 random bits. */
  uniform(): number
  /** Uniform integer in [0, bound), exact (no modulo bias). `bound` in [1, 2^32]. */
  integer(bound: number): number
  /** Standard normal (Marsaglia's polar method). */
  normal(): number
  /** Shuffles in place (Fisher-Yates) and returns the same array. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T
}

/**
 * A stream of random numbers named by (seed, stream, a, b).
 *
 * @param seed integer in [0, 2^32 - 1]
 * @param stream what the numbers are for, such as `weights` or `augmentation`
 * @param a first coordinate of the stream, such as the epoch; an integer in [0, 2^32 - 1]
 * @param b second coordinate, such as the image's index
 */
export function createRandom(seed: number, stream: string, a = 0, b = 0): Random {
  const key = [seed >>> 0, streamId(stream)] as const
  let block: [number, number, number, number] = [0, 0, 0, 0]
  let used = 4
  let low = 0
  let spare: number | undefined

  function uint32(): number {
    if (used === 4) {
      // The block counter stays below 2^32 blocks = 2^34 numbers a stream, far beyond any use here.
      block = philox4x32([low, 0, a >>> 0, b >>> 0], key)
      low = (low + 1) >>> 0
      used = 0
    }
    return block[used++] as number
  }
  function uniform(): number {
    const high = uint32() >>> 5
    return (high * 0x4000000 + (uint32() >>> 6)) / 0x20000000000000
  }
  function integer(bound: number): number {
    const limit = 0x100000000 - (0x100000000 % bound)
    let value = uint32()
    while (value >= limit) value = uint32()
    return value % bound
  }
  function normal(): number {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    for (;;) {
      const u = 2 * uniform() - 1
      const v = 2 * uniform() - 1
      const s = u * u + v * v
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s)
        spare = v * scale
        return u * scale
      }
    }
  }
  function shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    const list = items as { [index: number]: unknown }
    for (let i = items.length - 1; i > 0; i--) {
      const j = integer(i + 1)
      const kept = list[i]
      list[i] = list[j]
      list[j] = kept
    }
    return items
  }
  return { uint32, uniform, integer, normal, shuffle }
}
