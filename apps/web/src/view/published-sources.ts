import type { PublishedResult } from '@mate-bench/store'

type Cited = Pick<PublishedResult, 'paperId' | 'citation' | 'caveats'>

/** A paper with what must be known before its numbers are compared. */
export interface PublishedSource {
  readonly paperId: string
  readonly citation: PublishedResult['citation']
  /** Numbered through all papers of a table, from 1. */
  readonly notes: readonly { readonly number: number; readonly text: string }[]
}

/** The papers of printed numbers, in the order of the numbers, each caveat once a paper. */
export function publishedSources(results: readonly Cited[]): PublishedSource[] {
  const papers = new Map<string, { citation: Cited['citation']; texts: Set<string> }>()
  for (const { paperId, citation, caveats } of results) {
    const paper = papers.get(paperId) ?? { citation, texts: new Set<string>() }
    papers.set(paperId, paper)
    for (const caveat of caveats) paper.texts.add(caveat)
  }
  let number = 0
  return [...papers].map(([paperId, { citation, texts }]) => ({
    paperId,
    citation,
    notes: [...texts].map((text) => ({ number: ++number, text })),
  }))
}

/** Printed numbers by the paper that printed them, in their order. */
export function publishedByPaper<R extends Pick<Cited, 'paperId'>>(results: readonly R[]): (readonly R[])[] {
  const papers = new Map<string, R[]>()
  for (const result of results) {
    papers.set(result.paperId, [...(papers.get(result.paperId) ?? []), result])
  }
  return [...papers.values()]
}

/** The numbers of a result's caveats, ascending. */
export function noteNumbers(sources: readonly PublishedSource[], { paperId, caveats }: Cited): number[] {
  const notes = sources.find((source) => source.paperId === paperId)?.notes ?? []
  return notes.flatMap(({ number, text }) => (caveats.includes(text) ? [number] : []))
}

/** What sources call that which is no exit with a number, as people read it. */
const exitNames: Readonly<Record<string, string>> = { baseline_single_exit: 'single exit (baseline)' }

/** `3`, `ensemble`, `single exit (baseline)`: an exit as a column of exits has it. */
export function exitName(exit: string): string {
  return exitNames[exit] ?? exit
}

/** `exit 3`, `ensemble`: an exit within a sentence. */
export function exitPhrase(exit: string): string {
  return /^\d+$/.test(exit) ? `exit ${exit}` : exitName(exit)
}

/** `Gong et al. 2024`. A citation names at least one author. */
export function shortCitation({ authors, year }: PublishedResult['citation']): string {
  const [first = ''] = authors
  const who = `${first.split(' ').at(-1)}${authors.length > 1 ? ' et al.' : ''}`
  return year === undefined ? who : `${who} ${year}`
}
