import type { BoardEntry } from '../data/board-table.ts'

/** The frontier of a table as points, cheapest first. */
export function frontierPoints(
  entries: readonly Pick<BoardEntry, 'exits'>[],
): { macs: number; top1: number }[] {
  return entries
    .flatMap(({ exits }) => exits)
    .filter(({ onFrontier }) => onFrontier)
    .map(({ sequentialMacs, top1 }) => ({ macs: sequentialMacs, top1: top1.mean }))
    .sort((a, b) => a.macs - b.macs)
}
