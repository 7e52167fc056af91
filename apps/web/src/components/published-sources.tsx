import type { PublishedSource } from '../view/published-sources.ts'

/** The papers of printed numbers, with what must be known of each. */
export function PublishedSources({ sources }: { sources: readonly PublishedSource[] }) {
  return (
    <ul className="mt-3 max-w-[92ch] space-y-3 text-[0.92rem]">
      {sources.map(({ paperId, citation, notes }) => (
        <li key={paperId}>
          {citation.authors.length > 0 ? `${citation.authors.join(', ')}: ` : null}
          <a className="link" href={citation.url} rel="noopener">
            {citation.title}
          </a>
          , {citation.venue}
          {citation.year === undefined ? '' : `, ${citation.year}`}
          {notes.length === 0 ? null : (
            <ol className="mt-1 list-decimal space-y-0.5 pl-7 text-soft" start={notes[0]?.number}>
              {notes.map(({ number, text }) => (
                <li key={number}>{text}</li>
              ))}
            </ol>
          )}
        </li>
      ))}
    </ul>
  )
}
