import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allCells } from '../scripts/grid/cells.ts'
import { formatCell, writtenByHand } from '../scripts/grid/files.ts'
import { projectFolder } from './environment.ts'

const cells = allCells()
const textOf = (file: string) => readFileSync(join(projectFolder(), 'bench-specs', file), 'utf8')

describe('the grid of specs', () => {
  it('has a file for each of its cells, as the script writes it', () => {
    // Mend with `npm run grid`.
    const generated = cells.filter(({ file }) => !writtenByHand.has(file))
    const stale = generated.filter((cell) => textOf(cell.file) !== formatCell(cell))
    expect(stale.map(({ file }) => file)).toEqual([])
  })

  it('agrees with the specs that were written by hand, but for their descriptions', () => {
    const others = cells.filter(({ file }) => writtenByHand.has(file))
    expect(others.length).toBe(writtenByHand.size)
    for (const { file, document } of others) {
      const { description: _, ...written } = JSON.parse(textOf(file))
      const { description: __, ...wanted } = document
      expect(written, file).toEqual(JSON.parse(JSON.stringify(wanted)))
    }
  })

  it('has MATE and the multi-exit methods that its paper cites on six networks and five datasets', () => {
    for (const method of ['joint', 'byot', 'phuong-lampert', 'dks', 'eed', 'mate']) {
      const found = cells.filter(
        ({ file }) => file.endsWith(`-${method}.json`) && !/mixed|disjoint/.test(file),
      )
      expect(found, method).toHaveLength(30)
    }
  })
})
