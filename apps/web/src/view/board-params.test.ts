import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  boardHref,
  boardQuery,
  columnKeys,
  defaultColumns,
  filterKeys,
  mostCompared,
  parseBoardParams,
  sortKeys,
} from './board-params.ts'
import { dayOf } from './track-history.ts'

const read = (query: string) => parseBoardParams(Object.fromEntries(new URLSearchParams(query)))

describe('parseBoardParams', () => {
  it('has a default for everything, also for nonsense', () => {
    const defaults = read('')
    expect(defaults).toEqual({
      track: undefined,
      at: undefined,
      unit: 'macs',
      filters: {},
      search: '',
      columns: defaultColumns,
      target: undefined,
      sort: 'rank',
      descending: false,
      published: false,
      compare: [],
      page: 1,
    })
    expect(
      read('unit=cats&sort=--&page=-3&published=yes&method=&q=+&columns=x&target=900&at=2026-02-30'),
    ).toEqual(defaults)
    expect(read('page=1e99').page).toBe(10_000)
    expect(parseBoardParams({ method: ['mate', 'byot'] }).filters).toEqual({ method: 'mate' })
  })

  it('begins with the largest where large is good', () => {
    expect(read('sort=top1').descending).toBe(true)
    expect(read('sort=macs').descending).toBe(false)
    expect(read('sort=top1&order=asc').descending).toBe(false)
  })

  it('takes ids of entries for a comparison, from links and from a form, as many as can be compared', () => {
    const ids = Array.from({ length: 8 }, (_, i) => `entry_${String(i).repeat(20)}`)
    const [a = '', b = '', c = ''] = ids
    expect(parseBoardParams({ compare: `${a},x,${b},${a}`, entries: [b, c] }).compare).toEqual([a, b, c])
    expect(parseBoardParams({ compare: ids.join(',') }).compare).toEqual(ids.slice(0, mostCompared))
    expect(parseBoardParams({ compare: '"><script>' }).compare).toEqual([])
  })

  it('takes columns from links and from a form, in the order of the table', () => {
    expect(read('columns=macs,top1,nothing').columns).toEqual(['top1', 'macs'])
    expect(parseBoardParams({ columns: ['tier', 'n'] }).columns).toEqual(['n', 'tier'])
  })

  it('reads back every view from its own address', () => {
    const entryId = fc.stringMatching(/^entry_[0-9a-f]{20}$/)
    const word = fc.stringMatching(/^[a-z0-9<&" ]{1,8}$/).filter((text) => text !== '')
    fc.assert(
      fc.property(
        fc.record({
          track: fc.option(word, { nil: undefined }),
          at: fc.option(
            fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }).map(dayOf),
            { nil: undefined },
          ),
          unit: fc.constantFrom('macs' as const, 'flops' as const),
          filters: fc.dictionary(fc.constantFrom(...filterKeys), word),
          search: word.map((text) => text.trim()),
          columns: fc.subarray([...columnKeys], { minLength: 1 }),
          target: fc.option(
            fc.integer({ min: 1, max: 1000 }).map((tenths) => tenths / 10),
            { nil: undefined },
          ),
          sort: fc.constantFrom(...sortKeys),
          descending: fc.boolean(),
          published: fc.boolean(),
          compare: fc.uniqueArray(entryId, { maxLength: mostCompared }),
          page: fc.integer({ min: 1, max: 10_000 }),
        }),
        (params) => {
          expect(read(boardQuery(params))).toEqual({ ...params, filters: { ...params.filters } })
        },
      ),
    )
  })
})

describe('boardHref', () => {
  it('goes back to the first page when the view changes', () => {
    const params = read('page=3&method=mate')
    expect(boardHref(params, { sort: 'name' })).toBe('/?method=mate&sort=name')
    expect(boardHref(params, { page: 4 })).toBe('/?method=mate&page=4')
  })

  it('keeps what is selected for a comparison', () => {
    const id = `entry_${'0'.repeat(20)}`
    expect(boardHref(read(`compare=${id}&page=3`), { sort: 'name' })).toBe(`/?sort=name&compare=${id}`)
  })
})
