import { type BoardParams, boardQuery } from '../../view/board-params.ts'

const formats = [
  ['csv', 'CSV'],
  ['json', 'JSON'],
  ['parquet', 'Parquet'],
  ['tex', 'LaTeX'],
  ['bib', 'BibTeX'],
] as const

/** The current view, all of its pages, as files. */
export function Downloads({ params }: { params: BoardParams }) {
  const query = boardQuery({ ...params, compare: [], page: 1 })
  return (
    <p className="ml-auto flex flex-wrap gap-x-3 text-[0.9rem] text-soft">
      This view as
      {formats.map(([format, name]) => (
        <a key={format} className="link" href={`/board.${format}${query}`} download>
          {name}
        </a>
      ))}
    </p>
  )
}
