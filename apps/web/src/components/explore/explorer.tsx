'use client'

import { useEffect, useMemo, useState } from 'react'
import {
  type ExploredRun,
  type ExploreResult,
  type ExploreState,
  explore,
  exploreQuery,
  thresholdText,
} from '../../view/explore.ts'
import { si } from '../../view/numbers.ts'
import { type CurvePoint, ExploreChart } from './explore-chart.tsx'
import { ExploreChartTable } from './explore-chart-table.tsx'
import { ExploreFigures } from './explore-figures.tsx'
import { loadPredictions } from './load-predictions.ts'
import { useAddress } from './use-address.ts'

interface ExplorerProps {
  readonly runId: string
  readonly sequentialMacs: readonly number[]
  readonly hasValidation: boolean
  readonly curve: readonly CurvePoint[]
  readonly exits: readonly { readonly macs: number; readonly accuracy: number }[]
  /** As the server computed it for the address. */
  readonly initial: ExploreState
  readonly initialResult: ExploreResult
}

const sliderStep = 0.0005
/** One step beyond a confidence of 1. */
const neverPlace = 1 + sliderStep

/** Sliders whose effect is recomputed here from the published predictions. Without JavaScript, a form. */
export function Explorer(props: ExplorerProps) {
  const { runId, sequentialMacs, hasValidation } = props
  const [state, setState] = useState(props.initial)
  const [run, setRun] = useState<ExploredRun>()
  const [failure, setFailure] = useState<string>()
  const [isLoading, setLoading] = useState(false)

  useEffect(() => {
    setLoading(true)
    const abort = new AbortController()
    loadPredictions(runId, hasValidation, abort.signal)
      .then((tables) => setRun({ ...tables, sequentialMacs }))
      .catch((thrown: unknown) => {
        if (!abort.signal.aborted) setFailure(thrown instanceof Error ? thrown.message : String(thrown))
      })
    return () => abort.abort()
  }, [runId, hasValidation, sequentialMacs])

  const { initial, initialResult } = props
  // Until the predictions are here, only what the server computed is known: that of the first setting.
  const result = useMemo(() => (run ? explore(run, state) : initialResult), [run, state, initialResult])
  const isOld = run === undefined && state !== initial

  useAddress(state === initial ? undefined : exploreQuery(state))
  const [first = 0, last = 1] = [sequentialMacs[0], sequentialMacs.at(-1)]
  const current = { macs: result.averageMacs, accuracy: result.accuracy }
  const handThresholds = state.mode === 'thresholds' ? state.thresholds : result.thresholds

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <form
        method="get"
        // Every change is computed at once; to send it would undo thresholds.
        onSubmit={(event) => event.preventDefault()}
        className="card space-y-5 p-4 lg:sticky lg:top-4"
      >
        {hasValidation ? (
          <fieldset>
            <legend className="font-semibold">Average budget</legend>
            <p className="mt-0.5 text-[0.88rem] text-soft">
              One confidence threshold for all exits, fitted on the validation split so that its average cost
              stays within the budget, then applied to the test split.
            </p>
            <label className="mt-2 block">
              <span className="flex justify-between text-[0.9rem]">
                Budget
                <span className="tabular-nums">
                  {state.mode === 'budget' ? `${si(state.budgetMacs)} MACs` : 'set by hand below'}
                </span>
              </span>
              <input
                type="range"
                name="budget"
                aria-label="Budget"
                aria-valuetext={`${si(state.mode === 'budget' ? state.budgetMacs : result.averageMacs)} MACs`}
                min={first}
                max={last}
                step={(last - first) / 400}
                value={state.mode === 'budget' ? state.budgetMacs : result.averageMacs}
                onChange={(event) =>
                  setState({ mode: 'budget', budgetMacs: Math.round(Number(event.target.value)) })
                }
                className="w-full accent-(--accent)"
              />
            </label>
          </fieldset>
        ) : null}
        <fieldset>
          <legend className="font-semibold">Thresholds by hand</legend>
          <p className="mt-0.5 text-[0.88rem] text-soft">
            An image leaves at the first exit that is at least this confident. These are set with the test
            result in view: good for understanding, not for reporting.
          </p>
          {handThresholds.map((threshold, k) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the exit
            <label key={k} className="mt-2 block">
              <span className="flex justify-between text-[0.9rem]">
                Exit {k + 1}
                <span className="tabular-nums">{thresholdText(threshold)}</span>
              </span>
              <input
                type="range"
                aria-label={`Exit ${k + 1}`}
                aria-valuetext={thresholdText(threshold)}
                min={0}
                max={neverPlace}
                step={sliderStep}
                value={threshold ?? neverPlace}
                onChange={(event) => {
                  const place = Number(event.target.value)
                  const thresholds = handThresholds.with(k, place > 1 ? null : place)
                  setState({ mode: 'thresholds', thresholds })
                }}
                className="w-full accent-(--accent)"
              />
            </label>
          ))}
        </fieldset>
        <noscript>
          {hasValidation ? (
            <button type="submit" className="button">
              Compute for this budget
            </button>
          ) : null}
          <p className="mt-2 text-[0.88rem] text-soft">Thresholds by hand need JavaScript.</p>
        </noscript>
        <p role="status" className="text-[0.88rem] text-soft">
          {failure ?? (run ? 'Computed in your browser from the published predictions.' : null)}
          {isLoading && !failure && !run ? 'Loading predictions …' : null}
          {isOld ? ' Chart and figures still show the previous setting.' : null}
        </p>
      </form>
      <div aria-busy={isOld} className={`card p-4 ${isOld ? 'opacity-60' : ''}`}>
        <ExploreChart curve={props.curve} exits={props.exits} current={current} />
        <p className="text-[0.87rem] text-soft">
          {props.curve.length > 0 ? 'Line: the published budgeted curve. ' : null}Squares: all images at one
          exit. Dot: this setting
          {result.validation
            ? `, with its threshold fitted on validation (${si(result.validation.averageMacs)} MACs there)`
            : ', set by hand'}
          .
        </p>
        <ExploreChartTable curve={props.curve} exits={props.exits} current={current} />
        <ExploreFigures result={result} sequentialMacs={sequentialMacs} />
      </div>
    </div>
  )
}
