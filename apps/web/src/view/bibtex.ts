import { siteUrl } from '../data/site-url.ts'
import { seedsText } from './numbers.ts'

export interface Citable {
  readonly id: string
  readonly name: string
  /** On this site. */
  readonly path: string
  /** What exactly is cited, such as `entryNote` says it. */
  readonly note: string
  /** ISO 8601. */
  readonly publishedAt: string
}

/** A BibTeX entry whose note says what exactly is cited, whatever the page shows later. */
export function bibtexEntry({ id, name, path, note, publishedAt }: Citable): string {
  return `@misc{${id},
  title        = {MATE Bench: ${escapeTex(name)}},
  year         = {${publishedAt.slice(0, 4)}},
  howpublished = {\\url{${new URL(path, siteUrl()).href}}},
  note         = {${escapeTex(note)}}
}
`
}

interface CitedEntry {
  readonly specDigest: string
  readonly seeds: readonly number[]
  /** ISO 8601, of the latest of its runs. */
  readonly publishedAt: string
}

/** The digest names the experiment alone: another seed changes the numbers, so seeds and date are said too. */
export function entryNote({ specDigest, seeds, publishedAt }: CitedEntry): string {
  return `Spec ${specDigest}, ${seedsText(seeds)}, as of ${publishedAt.slice(0, 10)}`
}

const texCharacters: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
}

/** Text as TeX would print it. */
export function escapeTex(text: string): string {
  return text.replaceAll(/[\\{}$&#%_~^]/g, (character) => texCharacters[character] ?? `\\${character}`)
}
