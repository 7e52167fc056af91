import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boardHref, boardQuery, filterKeys, parseBoardParams, sortKeys } from './board-params.ts'

const read = (query: string) => parseBoardParams(Object.fromEntries(new URLSearchParams(query)))

describe('parseBoardParams', () => {
  it('has a default for everything, also for nonsense', () => {
    const defaults = read('')
    expect(defaults).toEqual({
      track: undefined,
      unit: 'macs',
      filters: {},
      sort: 'rank',
      descending: false,
      published: false,
      page: 1,
    })
    expect(read('unit=cats&sort=--&page=-3&published=yes&method=')).toEqual(defaults)
    expect(read('page=1e99').page).toBe(10_000)
    expect(parseBoardParams({ method: ['mate', 'byot'] }).filters).toEqual({ method: 'mate' })
  })

  it('begins with the largest where large is good', () => {
    expect(read('sort=top1').descending).toBe(true)
    expect(read('sort=macs').descending).toBe(false)
    expect(read('sort=top1&order=asc').descending).toBe(false)
  })

  it('reads back every view from its own address', () => {
    const word = fc.stringMatching(/^[a-z0-9<&" ]{1,8}$/).filter((text) => text !== '')
    fc.assert(
      fc.property(
        fc.record({
          track: fc.option(word, { nil: undefined }),
          unit: fc.constantFrom('macs' as const, 'flops' as const),
          filters: fc.dictionary(fc.constantFrom(...filterKeys), word),
          sort: fc.constantFrom(...sortKeys),
          descending: fc.boolean(),
          published: fc.boolean(),
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
})
