/**
 * Writes the specs of the grid below bench-specs/: every method of MATE's field on every network and dataset of its paper,
 * networks that exit once, methods with their teachers, and regimes. A file that was written by hand stays as it is.
 *
 *   npm run grid
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectFolder } from '../src/environment.ts'
import { allCells } from './grid/cells.ts'
import { formatCell, writtenByHand } from './grid/files.ts'

let count = 0
for (const cell of allCells()) {
  const path = join(projectFolder(), 'bench-specs', cell.file)
  if (writtenByHand.has(cell.file) && existsSync(path)) continue
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, formatCell(cell))
  count++
}
process.stdout.write(`Wrote ${count} specs below bench-specs/\n`)
