import type { TrackSummary } from '@mate-bench/store/track-table'
import { trackKey, trackLabel } from '../../data/tracks.ts'
import { type BoardParams, boardHref, boardQuery, filterKeys } from '../../view/board-params.ts'
import type { BoardView } from '../../view/board-view.ts'

const labels = { method: 'Method', backbone: 'Backbone', tier: 'Tier', backend: 'Backend' } as const

interface BoardControlsProps {
  readonly tracks: readonly TrackSummary[]
  readonly track: TrackSummary
  readonly params: BoardParams
  readonly choices: BoardView['choices']
  /** Whether there are published numbers for the track's dataset. */
  readonly hasPublished: boolean
}

/** Every control is a link or part of a GET form: the view is its URL. */
export function BoardControls({ tracks, track, params, choices, hasPublished }: BoardControlsProps) {
  // All of the view that the form itself does not set.
  const kept = [...new URLSearchParams(boardQuery({ ...params, track: undefined, filters: {}, page: 1 }))]
  const filtered = Object.keys(params.filters).length > 0
  return (
    <div className="flex flex-wrap items-end gap-x-3 gap-y-3">
      <form method="get" action="/" className="flex flex-wrap items-end gap-x-3 gap-y-2">
        <Select label="Track" name="track" value={trackKey(track)}>
          {tracks.map((candidate) => (
            <option key={candidate.digest} value={trackKey(candidate)}>
              {trackLabel(candidate, tracks)}
            </option>
          ))}
        </Select>
        {filterKeys.map((key) => (
          <Select key={key} label={labels[key]} name={key} value={params.filters[key] ?? ''}>
            <option value="">any</option>
            {withChosen(choices[key], params.filters[key]).map((choice) => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
          </Select>
        ))}
        {kept.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <button type="submit" className="button">
          Show
        </button>
      </form>
      {filtered ? (
        <a className="link pb-1.5" href={boardHref(params, { filters: {} })}>
          Clear filters
        </a>
      ) : null}
      <div className="ml-auto flex flex-wrap gap-2">
        {hasPublished ? (
          <div className="segmented">
            <a
              href={boardHref(params, { published: !params.published })}
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
              href={boardHref(params, { unit, page: params.page })}
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

/** A filter may come from another track, which has other values: it holds all the same, so it is shown. */
function withChosen(choices: readonly string[], chosen: string | undefined): readonly string[] {
  return chosen === undefined || choices.includes(chosen) ? choices : [...choices, chosen]
}

interface SelectProps {
  readonly label: string
  readonly name: string
  readonly value: string
  readonly children: React.ReactNode
}

function Select({ label, name, value, children }: SelectProps) {
  return (
    <label className="flex flex-col gap-0.5 text-[0.82rem] text-soft">
      {label}
      <select name={name} defaultValue={value} className="field text-[0.95rem] text-ink">
        {children}
      </select>
    </label>
  )
}
