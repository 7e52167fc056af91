import { siteUrl } from '../data/site-url.ts'
import { seedsText } from './numbers.ts'

export interface Citable {
  readonly id: string
  readonly name: string
  /** On this site. */
  readonly path: string
  /** What exactly is cited, such as `entryNote` says it. */
  readonly note: string
  /** ISO 8601: when it became what is cited. */
  readonly updatedAt: string
}

/**
 * A BibTeX entry whose note says what exactly is cited, whatever the page shows later. It has no author, so `key` says
 * where it is sorted; the second braces keep styles from lowering the title's capitals.
 */
export function bibtexEntry({ id, name, path, note, updatedAt }: Citable): string {
  return `@misc{${id},
  key          = {MATE Bench},
  title        = {{MATE Bench: ${escapeTex(name)}}},
  year         = {${updatedAt.slice(0, 4)}},
  howpublished = {\\url{${new URL(path, siteUrl()).href}}},
  note         = {${breakable(escapeTex(note))}}
}
`
}

/** Digests may end a line: TeX breaks no word of 64 digits, and columns are narrow. */
function breakable(tex: string): string {
  return tex.replaceAll(/[0-9a-f]{64}/g, (digest) => digest.replaceAll(/.{16}(?!$)/g, '$&\\allowbreak '))
}

interface CitedEntry {
  readonly specDigest: string
  readonly seeds: readonly number[]
  readonly synthetic: boolean
  /** ISO 8601: when the latest of its runs was published. */
  readonly updatedAt: string
}

/** The digest names the experiment alone: another seed changes the numbers, so seeds and date are said too. */
export function entryNote({ specDigest, seeds, synthetic, updatedAt }: CitedEntry): string {
  return `${syntheticNote(synthetic)}Spec ${specDigest}, ${seedsText(seeds)}, as of ${updatedAt.slice(0, 10)}`
}

/** A run is what its manifest says, for good. */
export function runNote(manifestDigest: string, synthetic: boolean): string {
  return `${syntheticNote(synthetic)}Manifest ${manifestDigest}`
}

function syntheticNote(synthetic: boolean): string {
  return synthetic ? 'Synthetic data: not a result of training. ' : ''
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
