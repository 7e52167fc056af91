import { siteUrl } from '../data/site-url.ts'

export interface Citable {
  readonly id: string
  readonly name: string
  /** On this site. */
  readonly path: string
  readonly digest: string
  /** ISO 8601. */
  readonly publishedAt: string
}

/** A BibTeX entry that names the digest: the citation then means exactly these numbers. */
export function bibtexEntry({ id, name, path, digest, publishedAt }: Citable): string {
  return `@misc{${id},
  title        = {MATE Bench: ${escapeTex(name)}},
  year         = {${publishedAt.slice(0, 4)}},
  howpublished = {\\url{${new URL(path, siteUrl()).href}}},
  note         = {Spec ${digest}}
}
`
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
