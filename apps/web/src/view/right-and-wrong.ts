import type { EntryRun } from '@mate-bench/stats'

/** Two entries on the same images: shares in [0, 1] that add up to 1. */
export interface RightAndWrong {
  /** Places of the two in the list. */
  readonly pair: readonly [number, number]
  readonly bothRight: number
  readonly onlyFirst: number
  readonly onlySecond: number
  readonly bothWrong: number
}

/** How the last exits of every two entries are right and wrong together, in their first runs. */
export function rightAndWrong(
  entries: readonly { readonly runs: readonly Pick<EntryRun, 'exits'>[] }[],
): RightAndWrong[] {
  const firsts = entries.map(({ runs }) => runs[0]?.exits.at(-1)?.correct ?? new Uint8Array())
  return firsts.flatMap((a, i) => firsts.slice(i + 1).map((b, j) => count(a, b, [i, i + 1 + j])))
}

function count(a: Uint8Array, b: Uint8Array, pair: readonly [number, number]): RightAndWrong {
  const counts = { bothRight: 0, onlyFirst: 0, onlySecond: 0, bothWrong: 0 }
  a.forEach((right, image) => {
    if (right === b[image]) counts[right ? 'bothRight' : 'bothWrong']++
    else counts[right ? 'onlyFirst' : 'onlySecond']++
  })
  const share = (images: number) => (a.length === 0 ? 0 : images / a.length)
  return {
    pair,
    bothRight: share(counts.bothRight),
    onlyFirst: share(counts.onlyFirst),
    onlySecond: share(counts.onlySecond),
    bothWrong: share(counts.bothWrong),
  }
}
