import type { BoardEntry } from '../../data/board-table.ts'
import { type BoardParams, boardLink } from '../../view/board-params.ts'
import { CompareBox, compareBoxId } from './compare-box.tsx'

interface SelectedEntriesProps {
  readonly params: BoardParams
  /** All of the track. */
  readonly entries: readonly BoardEntry[]
  /** Those of the page: their boxes are in the table. */
  readonly shown: readonly BoardEntry[]
}

/** Which entries are selected for a comparison, on this page and beyond it. */
export function SelectedEntries({ params, entries, shown }: SelectedEntriesProps) {
  // In the order of the comparison, whose first entry the others are held against.
  const selected = params.compare.flatMap((id) => entries.find((entry) => entry.id === id) ?? [])
  if (selected.length === 0) return null
  const elsewhere = selected.filter((entry) => !shown.includes(entry))
  return (
    <div className="flex flex-wrap gap-x-5 gap-y-1 border-t border-line px-3 py-2 text-[0.9rem]">
      <p>
        <span className="text-soft">Selected:</span> {selected.map(({ name }) => name).join(', ')}
      </p>
      {elsewhere.length > 0 ? (
        <fieldset className="flex flex-wrap gap-x-4 gap-y-1">
          <legend className="float-left text-soft">Not shown above:</legend>
          {elsewhere.map((entry) => (
            <label key={entry.id} htmlFor={compareBoxId(entry)}>
              <CompareBox entry={entry} params={params} /> {entry.name}
            </label>
          ))}
        </fieldset>
      ) : null}
      <a className="link ml-auto" href={boardLink(params, { compare: [], page: params.page })}>
        Clear selection
      </a>
    </div>
  )
}
