const files = [
  ['CSV', '/board.csv', 'one row per exit, for spreadsheets'],
  ['JSON', '/board.json', 'the same rows, with the track’s document'],
  ['Parquet', '/board.parquet', 'the same rows with types, for pandas, Polars, DuckDB and R'],
  ['LaTeX', '/board.tex', 'a table for a paper'],
  ['BibTeX', '/board.bib', 'a citation for each entry'],
] as const

/** Everything that a program or a paper can take of a track. */
export function TrackFiles({ trackKey }: { trackKey: string }) {
  const own = [
    ...files.map(([name, path, note]) => [name, `${path}?track=${trackKey}`, note] as const),
    ['Croissant', `/tracks/${trackKey}/croissant.json`, 'what the columns mean, for programs (JSON-LD)'],
    ['Atom', `/tracks/${trackKey}/feed.xml`, 'the changes above, for feed readers'],
  ] as const
  return (
    <ul className="card divide-y divide-line">
      {own.map(([name, href, note]) => (
        <li key={href} className="flex flex-wrap gap-x-3 px-4 py-1.5">
          <a className="link min-w-20" href={href}>
            {name}
          </a>
          <span className="text-soft">{note}</span>
        </li>
      ))}
    </ul>
  )
}
