import type { Cell } from './cells.ts'
import type { Outcome } from './simulate.ts'

export interface CellResult {
  readonly cell: Cell
  readonly outcome: Outcome
}
export function writeTables(document: string, _results: readonly CellResult[]): string {
  return document
}
