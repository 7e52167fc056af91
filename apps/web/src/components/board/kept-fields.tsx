import { type BoardParams, boardQuery } from '../../view/board-params.ts'

/** All of the view that a form does not set itself, so that sending it keeps the rest. */
export function KeptFields({ params }: { readonly params: BoardParams }) {
  return [...new URLSearchParams(boardQuery(params))].map(([name, value]) => (
    <input key={name} type="hidden" name={name} value={value} />
  ))
}
