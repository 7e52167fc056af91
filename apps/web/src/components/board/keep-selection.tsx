import { type BoardParams, boardQuery } from '../../view/board-params.ts'

/** Sends what is ticked back to the board: without scripts, how a selection outlives paging, sorting and filters. */
export function KeepSelection({ params }: { params: BoardParams }) {
  const kept = [...new URLSearchParams(boardQuery({ ...params, compare: [] }))]
  return (
    <>
      {kept.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button type="submit" formAction="/" className="button">
        Keep selection
      </button>
    </>
  )
}
