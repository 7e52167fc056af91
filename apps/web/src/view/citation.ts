import { shortId } from '../data/short-link.ts'
import { siteUrl } from '../data/site-url.ts'
import { bibtexEntry, entryNote } from './bibtex.ts'
import { plural } from './numbers.ts'

/** How a view of this site is cited, linked and embedded. */
export interface Citation {
  /** In words, without address and full stop. */
  readonly text: string
  readonly bibtex: string
  /** Absolute; the same view for good, as the data stand then. */
  readonly href: string
  /** The same, to type or to print. */
  readonly short: string
}

type CitedEntry = Parameters<typeof entryNote>[0] & { readonly id: string; readonly name: string }

/** An entry as it is now: seeds and date say which state of it. */
export function citeEntry(entry: CitedEntry): Citation {
  const path = `/entries/${entry.id}`
  const note = entryNote(entry)
  return {
    text: `MATE Bench, ${entry.name}. ${note}`,
    href: new URL(path, siteUrl()).href,
    short: new URL(`/e/${shortId(entry.id)}`, siteUrl()).href,
    bibtex: bibtexEntry({ ...entry, path, note }),
  }
}

interface CitedTrack {
  readonly dataset: string
  /** `trackKey`. */
  readonly key: string
  /** How many. */
  readonly entries: number
  /** ISO 8601: when the table last changed. */
  readonly updatedAt: string
  readonly synthetic: boolean
  /** The day that the view shows, where it is not the present. */
  readonly day?: string | undefined
  /** Of the view on this site. */
  readonly path: string
}

/** A view of a track: the table changes with every entry, so the day is said. */
export function citeTrack(cited: CitedTrack): Citation {
  const { dataset, key, entries, updatedAt, synthetic, path } = cited
  const day = cited.day ?? updatedAt.slice(0, 10)
  const state =
    cited.day === undefined
      ? `${plural(entries, 'entry', 'entries')}, as of ${day}`
      : `Frontier at the end of ${day}`
  const made = synthetic ? 'Synthetic data: not a result of training. ' : ''
  return {
    text: `MATE Bench, multi-exit networks on ${dataset} (track ${key}). ${made}${state}`,
    href: new URL(path, siteUrl()).href,
    short: new URL(shortPath(path, key), siteUrl()).href,
    bibtex: bibtexEntry({
      id: `mate-bench-${key}-${day}`,
      name: `multi-exit networks on ${dataset}`,
      note: `${made}Track ${key}, ${state}`,
      ...{ path, updatedAt },
    }),
  }
}

/** A view of the board begins with its track, whose key need not be named. */
function shortPath(path: string, key: string): string {
  const rest = path.replace(/#.*$/, '').replace(`/?track=${key}`, '').replace(/^&/, '?')
  return rest.startsWith('/') ? path : `/t/${key}${rest}`
}

/** What `citeTrack` says of a table as the board has it. */
export function stateOf(
  entries: readonly { readonly updatedAt: string; readonly synthetic: boolean }[],
): Pick<CitedTrack, 'entries' | 'updatedAt' | 'synthetic'> {
  return {
    entries: entries.length,
    updatedAt: entries.reduce((latest, entry) => (entry.updatedAt > latest ? entry.updatedAt : latest), ''),
    synthetic: entries.some((entry) => entry.synthetic),
  }
}
