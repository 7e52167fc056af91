import { describe, expect, it } from 'vitest'
import { runAddress } from './run-address.ts'

const id = 'run_0123456789abcdef0123'
const read = (text: string, site = 'http://localhost:3000') => {
  const address = runAddress(text, site)
  return [address.site.href, address.runId]
}

describe('runAddress', () => {
  it.each([
    [`https://bench.example.org/runs/${id}`, 'https://bench.example.org/'],
    [`https://bench.example.org/runs/${id}?theme=dark#exits`, 'https://bench.example.org/'],
    [`https://bench.example.org/runs/${id}/files/spec.json`, 'https://bench.example.org/'],
    [`https://bench.example.org/api/v1/runs/${id}/manifest`, 'https://bench.example.org/'],
    [`https://example.org/bench/runs/${id}`, 'https://example.org/bench/'],
    [`http://127.0.0.1:3000/runs/${id}`, 'http://127.0.0.1:3000/'],
  ])('finds site and run in %s', (text, site) => {
    expect(read(text)).toEqual([site, id])
  })

  it('asks the given site for an id', () => {
    expect(read(id, 'https://example.org/bench')).toEqual(['https://example.org/bench/', id])
  })

  it.each([
    `http://bench.example.org/runs/${id}`,
    `http://10.0.0.1/runs/${id}`,
    `file:///runs/${id}`,
    'https://bench.example.org/runs/run_1',
    'run_1',
    '',
  ])('refuses %j', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'bad-input' }))
  })

  it('says that an entry is several runs', () => {
    expect(() => read('https://bench.example.org/entries/entry_1')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('a run for each seed') }),
    )
  })
})
