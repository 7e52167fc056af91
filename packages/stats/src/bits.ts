/** Packed 0/1 vectors: counting over 10,000 images takes a few hundred words instead. */

/** Packs 0/1 values into 32-bit words, image i at bit i mod 32 of word floor(i / 32). */
export function packBits(values: Uint8Array): Uint32Array {
  const words = new Uint32Array(Math.ceil(values.length / 32))
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== 0) words[i >>> 5] = (words[i >>> 5] as number) | (1 << (i & 31))
  }
  return words
}

/** How many bits of a 32-bit word are set. */
export function popcount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  v = (v + (v >>> 4)) & 0x0f0f0f0f
  return Math.imul(v, 0x01010101) >>> 24
}

/** How many positions are set in both vectors. */
export function countBoth(a: Uint32Array, b: Uint32Array): number {
  let count = 0
  for (let w = 0; w < a.length; w++) count += popcount((a[w] as number) & (b[w] as number))
  return count
}
