import { type BoardParams, mostCompared } from '../../view/board-params.ts'

interface CompareBoxProps {
  readonly entry: { readonly id: string; readonly name: string }
  readonly params: Pick<BoardParams, 'compare'>
}

/** For a label of one's own. */
export function compareBoxId({ id }: CompareBoxProps['entry']): string {
  return `compare-${id}`
}

/** Selects an entry for a comparison. */
export function CompareBox({ entry, params: { compare } }: CompareBoxProps) {
  const isSelected = compare.includes(entry.id)
  return (
    <input
      id={compareBoxId(entry)}
      type="checkbox"
      name="entries"
      value={entry.id}
      aria-label={`Compare ${entry.name}`}
      defaultChecked={isSelected}
      disabled={!isSelected && compare.length >= mostCompared}
      className="size-4 accent-(--accent) align-[-2px]"
    />
  )
}
