import type { BoardEntry } from '../data/board-table.ts'
import { onceOf } from './once-of.ts'

/** An exit that no other of the track beats. */
export interface FrontierPoint {
  readonly macs: number
  readonly top1: number
  readonly entryId: string
  readonly name: string
  readonly k: number
}

/** The frontier of a table as points, cheapest first. */
export const frontierPoints = onceOf(
  (entries: readonly Pick<BoardEntry, 'id' | 'name' | 'exits'>[]): readonly FrontierPoint[] =>
    entries
      .flatMap(({ id, name, exits }) => exits.map((exit) => ({ ...exit, entryId: id, name })))
      .filter(({ onFrontier }) => onFrontier)
      .map(({ sequentialMacs, top1, entryId, name, k }) => ({
        macs: sequentialMacs,
        top1: top1.mean,
        ...{ entryId, name, k },
      }))
      .sort((a, b) => a.macs - b.macs),
)
