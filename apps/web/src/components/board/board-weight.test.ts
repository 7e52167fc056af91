import { gzipSync } from 'node:zlib'
import { digestJson } from '@mate-bench/provenance'
import { createRandom } from '@mate-bench/stats'
import { createElement, Fragment } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { boardEntries } from '../../testing/board-entries.ts'
import { parseBoardParams } from '../../view/board-params.ts'
import { boardView, pageSize } from '../../view/board-view.ts'
import { chartedEntries, dotsText } from '../../view/charted-entries.ts'
import { BoardChart } from './board-chart.tsx'
import { BoardTable } from './board-table.tsx'

/** The page may weigh 25 kB as gzip; what is around chart and table is 6 kB of it. */
const mostBytes = 19_000

/** So many entries of four exits, no two of the same cost. */
function entriesOf(count: number) {
  const random = createRandom(1, 'weight')
  const methods = ['joint', 'mate', 'byot', 'dks', 'eed', 'beed']
  const wishes = Array.from({ length: count }, (_, i) => {
    const last = 0.5 + 0.45 * random.uniform()
    return {
      name: `entry-${String(i).padStart(5, '0')}-${methods[i % methods.length]}`,
      method: methods[i % methods.length] ?? 'joint',
      macs: Math.round(10 ** (6 + 2 * random.uniform())),
      top1: [last - 0.12, last - 0.07, last - 0.03, last],
    }
  })
  return boardEntries(wishes).map((entry) => ({
    ...entry,
    id: `entry_${digestJson(entry.name).slice('sha256:'.length).slice(0, 20)}`,
  }))
}

it('fifty rows and their chart weigh what fits into a page of 25 kB, on a track of many more entries', () => {
  const all = entriesOf(600)
  const params = parseBoardParams({})
  const { shown, entries } = boardView(all, params)
  expect(shown).toHaveLength(pageSize)
  const charted = chartedEntries({ shown, matching: entries, all })
  expect(charted.otherExits).toBeGreaterThan(2000)
  const html = renderToStaticMarkup(
    createElement(
      Fragment,
      null,
      createElement(BoardChart, { dataset: 'd', unit: 'macs', charted, frontier: [], published: [] }),
      createElement(BoardTable, { params, entries: shown, all, target: 80, styles: charted.styles }),
    ),
  )
  expect(html.includes(dotsText(charted))).toBe(true)
  expect(charted.others.length).toBeLessThan(charted.otherExits)
  expect(gzipSync(html).length).toBeLessThan(mostBytes)
})
