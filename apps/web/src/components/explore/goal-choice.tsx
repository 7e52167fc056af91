import { useState } from 'react'
import type { ExploreState, Goal, GoalKind } from '../../view/explore-state.ts'
import { type ExploreBounds, goalOf, goalValue } from '../../view/explore-state.ts'
import { si } from '../../view/numbers.ts'

interface GoalChoiceProps {
  readonly state: ExploreState
  readonly bounds: ExploreBounds
  /** Average MACs of the setting by hand, where the budget's slider then stands. */
  readonly averageMacs: number
  /** Whether the validation images chose the epoch, which a guarantee does not allow. */
  readonly choseEpoch: boolean
  readonly onChange: (goal: Goal) => void
}

/** What a setting is fitted to on the validation split. */
export function GoalChoice({ state, bounds, averageMacs, choseEpoch, onChange }: GoalChoiceProps) {
  const chosen = state.mode === 'goal' ? state.goal : undefined
  const [texts, setTexts] = useState(() => ({ accuracy: textOf('accuracy'), loss: textOf('loss') }))
  function textOf(kind: GoalKind): string {
    return String(goalValue(chosen?.kind === kind ? chosen : goalOf(kind, Number.NaN, bounds)))
  }
  const [first = 0, last = 1] = [bounds.sequentialMacs[0], bounds.sequentialMacs.at(-1)]
  const budget = chosen?.kind === 'budget' ? chosen.macs : averageMacs
  const radio = (kind: GoalKind, name: string) => (
    <label className="flex items-center gap-1.5">
      <input
        type="radio"
        name="goal"
        value={kind}
        checked={chosen?.kind === kind}
        onChange={() => onChange(goalOf(kind, kind === 'budget' ? averageMacs : Number(texts[kind]), bounds))}
        className="accent-(--accent)"
      />
      {name}
    </label>
  )
  const field = (kind: 'accuracy' | 'loss', label: string, unit: string) => (
    <span className="flex items-center gap-1.5">
      <input
        type="number"
        name={kind}
        aria-label={label}
        min={kind === 'loss' ? 0.1 : 0}
        max={kind === 'loss' ? 50 : 100}
        step={0.1}
        value={texts[kind]}
        onChange={(event) => {
          const { value, valueAsNumber } = event.target
          setTexts({ ...texts, [kind]: value })
          if (Number.isFinite(valueAsNumber)) onChange(goalOf(kind, valueAsNumber, bounds))
        }}
        className="field w-[9ch] py-1 text-right tabular-nums"
      />
      {unit}
    </span>
  )
  return (
    <fieldset className="space-y-3">
      <legend className="font-semibold">What it is fitted to</legend>
      <p className="text-[0.88rem] text-soft">
        One setting for all exits, fitted on the validation split and applied to the test split.
      </p>
      <div>
        <div className="flex justify-between gap-3">
          {radio('budget', 'Average budget')}
          <span className="text-[0.9rem] tabular-nums">
            {chosen?.kind === 'budget' ? `${si(chosen.macs)} MACs` : ''}
          </span>
        </div>
        <input
          type="range"
          name="budget"
          aria-label="Budget"
          aria-valuetext={`${si(budget)} MACs`}
          min={first}
          max={last}
          step={(last - first) / 400}
          value={budget}
          onChange={(event) => onChange(goalOf('budget', Number(event.target.value), bounds))}
          className="w-full accent-(--accent)"
        />
      </div>
      <div>
        <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
          {radio('accuracy', 'Cheapest with an accuracy of')}
          {field('accuracy', 'Accuracy to reach, in percent', '%')}
        </div>
      </div>
      <div>
        <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
          {radio('loss', 'Guaranteed to lose less than')}
          {field('loss', 'Loss of accuracy, in points', 'points')}
        </div>
        <p className="mt-1 text-[0.88rem] text-soft">
          Against the last exit, on new images like those of the validation split, with 95 % probability (
          <a className="link" href="https://arxiv.org/abs/2405.20915">
            risk control
          </a>
          ).
          {choseEpoch
            ? ' These are the weights of the best epoch on the validation split, so the probability is only approximate.'
            : ''}
        </p>
      </div>
    </fieldset>
  )
}
