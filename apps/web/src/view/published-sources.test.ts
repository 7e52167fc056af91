import { describe, expect, it } from 'vitest'
import {
  exitName,
  exitPhrase,
  noteNumbers,
  publishedByPaper,
  publishedSources,
  shortCitation,
} from './published-sources.ts'

const citation = (authors: readonly string[], year?: number) => ({
  title: 'A repository with quite a long title',
  authors,
  venue: 'ECCV',
  url: 'https://example.org',
  ...(year === undefined ? {} : { year }),
})
const gong = citation(['Cheng Gong', 'Yao Chen'], 2024)
const sun = citation(['Dawei Sun'], 2019)
const results = [
  { paperId: 'gong', citation: gong, caveats: ['quoted', 'other recipe'] },
  { paperId: 'gong', citation: gong, caveats: ['other recipe'] },
  { paperId: 'sun', citation: sun, caveats: ['best epoch', 'other recipe'] },
  { paperId: 'sun', citation: sun, caveats: [] },
]

describe('publishedSources', () => {
  it('has every paper once, and every caveat once a paper, numbered through', () => {
    const sources = publishedSources(results)
    expect(sources.map(({ paperId, notes }) => [paperId, notes.map(({ text }) => text)])).toEqual([
      ['gong', ['quoted', 'other recipe']],
      ['sun', ['best epoch', 'other recipe']],
    ])
    expect(sources.flatMap(({ notes }) => notes.map(({ number }) => number))).toEqual([1, 2, 3, 4])
  })

  it('leads from a number to its own caveats', () => {
    const sources = publishedSources(results)
    expect(results.map((result) => noteNumbers(sources, result))).toEqual([[1, 2], [2], [3, 4], []])
  })
})

describe('shortCitation', () => {
  it('names the first author, and that there are more', () => {
    expect(shortCitation(gong)).toBe('Gong et al. 2024')
    expect(shortCitation(sun)).toBe('Sun 2019')
    expect(shortCitation(citation(['Ada']))).toBe('Ada')
  })
})

it('names exits as people read them', () => {
  expect(['3', 'ensemble', 'baseline_single_exit'].map((exit) => [exitName(exit), exitPhrase(exit)])).toEqual(
    [
      ['3', 'exit 3'],
      ['ensemble', 'ensemble'],
      ['single exit (baseline)', 'single exit (baseline)'],
    ],
  )
})

it('keeps the numbers of a paper together, in their order', () => {
  const numbers = ['a1', 'b1', 'a2'].map((id) => ({ id, paperId: id.slice(0, 1) }))
  expect(publishedByPaper(numbers).map((paper) => paper.map(({ id }) => id))).toEqual([['a1', 'a2'], ['b1']])
})
