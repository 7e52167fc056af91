import { parseHTML } from 'linkedom'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { boardEntries } from '../../testing/board-entries.ts'
import { parseBoardParams } from '../../view/board-params.ts'
import { boardView, pageSize } from '../../view/board-view.ts'
import { BoardChart } from './board-chart.tsx'
import { BoardTable } from './board-table.tsx'

/** `var(--series-1, #0072b2) MLLZ`: the colour of a mark and its kind, whatever its size. */
function look(path: Element | null | undefined): string {
  const fill = path?.getAttribute('fill') ?? path?.closest('g[fill]')?.getAttribute('fill')
  return `${fill} ${path?.getAttribute('d')?.replaceAll(/[^A-Z]/g, '')}`
}

it('colours and marks on the second page of the board are those of its own lines', () => {
  const wishes = Array.from({ length: pageSize + 3 }, (_, i) => ({
    name: `entry-${i}`,
    top1: [0.9 - 0.025 * i, 0.95 - 0.025 * i],
  }))
  const params = parseBoardParams({ page: '2' })
  const { shown } = boardView(boardEntries(wishes), params)
  expect(shown).toHaveLength(3)
  const { document } = parseHTML(
    renderToStaticMarkup(
      createElement(
        'main',
        null,
        createElement(BoardChart, {
          dataset: 'd',
          unit: 'macs',
          entries: shown,
          frontier: [],
          published: [],
        }),
        createElement(BoardTable, {
          params,
          entries: shown,
          macsRange: { fromMacs: 10, toMacs: 1000 },
        }),
      ),
    ),
  )
  const legend = [...document.querySelectorAll('.wide .legend > g')].map((item) => [
    item.querySelector('text')?.textContent,
    look(item.querySelector('path')),
  ])
  const rows = [...document.querySelectorAll('tr.folded th')].map((cell) => [
    cell.querySelector('a')?.textContent,
    look(cell.querySelector('svg path')),
  ])
  const drawn = shown.map(({ name }) => {
    const titles = [...document.querySelectorAll('.wide path > title')]
    return [name, look(titles.find((title) => title.textContent?.startsWith(`${name},`))?.parentElement)]
  })
  expect(rows.map(([name]) => name)).toEqual(shown.map(({ name }) => name))
  expect(new Set(rows.map(([, own]) => own)).size).toBe(3)
  expect(legend).toEqual(rows)
  const colours = (list: readonly (readonly (string | null | undefined)[])[]) =>
    list.map(([name, own]) => [name, own?.replace(/ [A-Z]+$/, '')])
  expect(colours(drawn)).toEqual(colours(rows))
})
