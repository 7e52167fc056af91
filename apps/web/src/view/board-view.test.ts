import { describe, expect, it } from 'vitest'
import { boardEntries } from '../testing/board-entries.ts'
import { parseBoardParams } from './board-params.ts'
import { boardView, pageSize } from './board-view.ts'
import { frontierPoints } from './frontier-points.ts'

const entries = boardEntries([
  { name: 'good', top1: [0.7, 0.95], method: 'mate', macs: 300 },
  { name: 'cheap', top1: [0.5, 0.6], macs: 100, backend: 'tensorflow' },
  { name: 'weak', top1: [0.2, 0.3], macs: 200 },
])
const names = (query: Record<string, string>) =>
  boardView(entries, parseBoardParams(query)).shown.map(({ name }) => name)

describe('boardView', () => {
  it('shows the ranking first', () => {
    expect(names({})).toEqual(['good', 'cheap', 'weak'])
  })

  it('sorts by what is asked for, either way round', () => {
    expect(names({ sort: 'macs' })).toEqual(['cheap', 'weak', 'good'])
    expect(names({ sort: 'macs', order: 'desc' })).toEqual(['good', 'weak', 'cheap'])
    expect(names({ sort: 'top1', order: 'asc' })).toEqual(['weak', 'cheap', 'good'])
  })

  it('filters, and says what there is to filter by whatever is filtered', () => {
    expect(names({ method: 'mate' })).toEqual(['good'])
    expect(names({ backend: 'tensorflow' })).toEqual(['cheap'])
    expect(names({ method: 'nothing' })).toEqual([])
    const { choices } = boardView(entries, parseBoardParams({ method: 'mate' }))
    expect(choices.method).toEqual(['joint', 'mate'])
    expect(choices.backend).toEqual(['tensorflow', 'wasm'])
  })

  it('finds entries that have every word in name, method or network', () => {
    expect(names({ q: 'GOOD' })).toEqual(['good'])
    expect(names({ q: 'mate resnet8' })).toEqual(['good'])
    expect(names({ q: 'mate weak' })).toEqual([])
  })

  it('sorts by the cost of a target, those that miss it behind', () => {
    expect(names({ sort: 'target', target: '55' })).toEqual(['cheap', 'good', 'weak'])
    expect(boardView(entries, parseBoardParams({})).target).toBe(55)
  })

  it('keeps the rank of the whole table when it is filtered', () => {
    const [only] = boardView(entries, parseBoardParams({ backend: 'tensorflow' })).shown
    expect(only?.ranking.rank).toBe(entries.find(({ name }) => name === 'cheap')?.ranking.rank)
  })

  it('cuts pages, and gives the last one for a page beyond', () => {
    const many = Array.from({ length: 2 * pageSize + 1 }, () => entries[0]).flatMap((entry) => entry ?? [])
    const view = boardView(many, parseBoardParams({ page: '99' }))
    expect(view.pages).toBe(3)
    expect(view.page).toBe(3)
    expect(view.shown).toHaveLength(1)
  })
})

describe('frontierPoints', () => {
  it('rises in cost and in accuracy', () => {
    const points = frontierPoints(entries)
    expect(points.length).toBeGreaterThan(0)
    points.slice(1).forEach((point, i) => {
      expect(point.macs).toBeGreaterThan(points[i]?.macs ?? 0)
      expect(point.top1).toBeGreaterThan(points[i]?.top1 ?? 0)
    })
  })
})
