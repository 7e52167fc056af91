import { type BoardParams, boardLink, filterKeys } from '../../view/board-params.ts'
import type { BoardView } from '../../view/board-view.ts'
import { ColumnChooser } from './column-chooser.tsx'
import { FilterForm } from './filter-form.tsx'
import { KeptFields } from './kept-fields.tsx'

const labels = { method: 'Method', backbone: 'Backbone', tier: 'Tier', backend: 'Backend' } as const

interface BoardControlsProps {
  readonly params: BoardParams
  readonly view: Pick<BoardView, 'choices' | 'target'>
  /** Whether there are published numbers for the track's dataset. */
  readonly hasPublished: boolean
}

/** Every control is a link or part of a GET form: the view is its URL. */
export function BoardControls({ params, view, hasPublished }: BoardControlsProps) {
  const isFiltered = Object.keys(params.filters).length > 0 || params.search !== ''
  return (
    <div className="flex flex-wrap items-end gap-x-3 gap-y-3 no-print">
      <FilterForm className="flex flex-wrap items-end gap-x-3 gap-y-2">
        <label className={labelled}>
          Search
          <input
            type="search"
            name="q"
            defaultValue={params.search}
            placeholder="name, method or network"
            maxLength={100}
            className="field w-[15rem] text-[0.95rem] text-ink"
          />
        </label>
        {filterKeys.map((key) => (
          <label key={key} className={labelled}>
            {labels[key]}
            <select
              name={key}
              defaultValue={params.filters[key] ?? ''}
              className="field max-w-[11rem] text-[0.95rem] text-ink"
            >
              <option value="">any</option>
              {withChosen(view.choices[key], params.filters[key]).map((choice) => (
                <option key={choice} value={choice}>
                  {choice}
                </option>
              ))}
            </select>
          </label>
        ))}
        <label className={labelled}>
          Target top-1 (%)
          <input
            type="number"
            name="target"
            min={1}
            max={100}
            step={0.1}
            defaultValue={params.target}
            placeholder={view.target === undefined ? undefined : String(view.target)}
            className="field w-[6.5rem] text-[0.95rem] text-ink"
          />
        </label>
        <KeptFields params={{ ...params, filters: {}, search: '', target: undefined, page: 1 }} />
        <noscript>
          <button type="submit" className="button">
            Apply
          </button>
        </noscript>
      </FilterForm>
      {isFiltered ? (
        <a className="link pb-1.5" href={boardLink(params, { filters: {}, search: '' })}>
          Clear filters
        </a>
      ) : null}
      <div className="ml-auto flex flex-wrap items-end gap-2">
        <ColumnChooser params={params} />
        {hasPublished ? (
          <div className="segmented">
            <a
              href={boardLink(params, { published: !params.published })}
              aria-current={params.published ? 'true' : undefined}
            >
              Published numbers
            </a>
          </div>
        ) : null}
        <fieldset className="segmented">
          <legend className="sr-only">Unit of cost</legend>
          {(['macs', 'flops'] as const).map((unit) => (
            <a
              key={unit}
              href={boardLink(params, { unit, page: params.page })}
              aria-current={params.unit === unit ? 'true' : undefined}
            >
              {unit === 'macs' ? 'MACs' : 'FLOPs'}
            </a>
          ))}
        </fieldset>
      </div>
    </div>
  )
}

const labelled = 'flex flex-col gap-0.5 text-[0.82rem] text-soft'

/** A filter may come from another track, which has other values: it holds all the same, so it is shown. */
function withChosen(choices: readonly string[], chosen: string | undefined): readonly string[] {
  return chosen === undefined || choices.includes(chosen) ? choices : [...choices, chosen]
}
