import { parseHTML } from 'linkedom'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { boardEntries } from '../../testing/board-entries.ts'
import { parseBoardParams } from '../../view/board-params.ts'
import { boardView, pageSize } from '../../view/board-view.ts'
import { chartedEntries } from '../../view/charted-entries.ts'
import { BoardChart } from './board-chart.tsx'
import { BoardTable } from './board-table.tsx'

/** The whole small picture: colour, dashes and mark. */
function look(place: Element | null | undefined): string | undefined {
  return place?.querySelector('svg')?.outerHTML
}

const methods = ['joint', 'mate', 'byot']
const wishes = Array.from({ length: pageSize + 20 }, (_, i) => ({
  name: `entry-${i}`,
  method: methods[i % methods.length] ?? 'joint',
  top1: [0.9 - 0.015 * i, 0.95 - 0.015 * i],
}))
const all = boardEntries(wishes)

function board(query: Record<string, string>) {
  const params = parseBoardParams(query)
  const { shown, entries } = boardView(all, params)
  const charted = chartedEntries({ shown, matching: entries, all })
  const { document } = parseHTML(
    renderToStaticMarkup(
      createElement(
        'main',
        null,
        createElement(BoardChart, { dataset: 'd', unit: 'macs', charted, frontier: [], published: [] }),
        createElement(BoardTable, { params, entries: shown, all, target: undefined, styles: charted.styles }),
      ),
    ),
  )
  const legend = [...document.querySelectorAll('.chart-legend li')].map(
    (item) => [item.textContent, look(item)] as const,
  )
  const rows = [...document.querySelectorAll('tr.folded th')].map((cell) => {
    return [cell.querySelector('a')?.textContent ?? '', look(cell)] as const
  })
  return { shown, charted, document, legend: new Map(legend), rows }
}

it('marks in the table are those of the legend, on any page', () => {
  for (const page of ['1', '2']) {
    const { shown, legend, rows } = board({ page })
    expect(rows.map(([name]) => name)).toEqual(shown.map(({ name }) => name))
    const marked = rows.filter(([, mark]) => mark !== undefined)
    expect(marked.length).toBeGreaterThan(4)
    for (const [name, mark] of marked) expect(legend.get(name)).toBe(mark)
  }
})

it('an entry keeps its look however the table is sorted', () => {
  const looks = (query: Record<string, string>) =>
    new Map([...board(query).legend].map(([name, mark]) => [name, mark]))
  const [one, other] = [looks({}), looks({ sort: 'name', order: 'desc' })]
  const both = [...one.keys()].filter((name) => other.has(name) && name.startsWith('entry'))
  expect(both.length).toBeGreaterThan(0)
  for (const name of both) expect(other.get(name)).toBe(one.get(name))
})

it('draws the frontier first, and everything else grey', () => {
  const { charted, shown, document } = board({ page: '2' })
  const frontier = all.filter(({ exits }) => exits.some(({ onFrontier }) => onFrontier))
  expect(charted.coloured.slice(0, frontier.length)).toEqual(expect.arrayContaining(frontier))
  expect(charted.coloured).toHaveLength(12)
  const drawn = new Set(
    [...document.querySelectorAll('.chart [data-key]')].map((one) => one.getAttribute('data-key')),
  )
  for (const { id } of shown) expect(drawn.has(id)).toBe(true)
  const exits = [...charted.coloured, ...charted.faint].reduce((sum, entry) => sum + entry.exits.length, 0)
  // Of dots that would hide one another one is drawn; none is far from those left out.
  expect(charted.others.length).toBeLessThanOrEqual(2 * all.length - exits)
  const named = new Set([...charted.coloured, ...charted.faint])
  for (const { exits: own } of all.filter((entry) => !named.has(entry))) {
    for (const { sequentialMacs, top1 } of own) {
      const near = charted.others.some(
        ({ macs, top1: drawn }) =>
          Math.abs(Math.log10(macs / sequentialMacs)) < 0.0125 && Math.abs(drawn - top1.mean) < 0.0035,
      )
      expect(near).toBe(true)
    }
  }
})
