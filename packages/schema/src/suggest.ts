import { distance } from 'fastest-levenshtein'

/** No name of ours is longer: what is, was not meant as one. */
const longestWord = 100

/**
 * The candidate nearest to `word`, or undefined when none is near enough to be a plausible typing slip
 * (more than two edits and more than 40 % of the longer word).
 */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > longestWord) return undefined
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_ ]/g, '')
  let best: { candidate: string; edits: number } | undefined
  for (const candidate of candidates) {
    const edits = distance(plain(word), plain(candidate))
    if (!best || edits < best.edits) best = { candidate, edits }
  }
  if (!best) return undefined
  const allowed = Math.max(2, Math.floor(0.4 * Math.max(word.length, best.candidate.length)))
  return best.edits <= Math.min(allowed, word.length - 1) ? best.candidate : undefined
}
