import { type BoardParams, boardLink } from '../../view/board-params.ts'

interface PagerProps {
  readonly params: BoardParams
  readonly page: number
  readonly pages: number
}

/** Links to the pages before and after; nothing where there is one page. */
export function Pager({ params, page, pages }: PagerProps) {
  if (pages < 2) return null
  return (
    <nav aria-label="Pages of the table" className="flex items-center gap-3">
      {page > 1 ? (
        <a className="link" rel="prev" href={boardLink(params, { page: page - 1 })}>
          Previous
        </a>
      ) : null}
      <span className="text-soft">
        page {page} of {pages}
      </span>
      {page < pages ? (
        <a className="link" rel="next" href={boardLink(params, { page: page + 1 })}>
          Next
        </a>
      ) : null}
    </nav>
  )
}
