'use client'

import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { type ExploredRun, type ExploreResult, explore } from '../../view/explore.ts'
import type { ExploreCurves } from '../../view/explore-curves.ts'
import { type ExploreBounds, type ExploreState, exploreQuery, goalOf } from '../../view/explore-state.ts'
import { percentText, si } from '../../view/numbers.ts'
import { chartLines, type PublishedPoint } from './chart-lines.ts'
import { ExploreChart } from './explore-chart.tsx'
import { ExploreChartTable } from './explore-chart-table.tsx'
import { ExploreFigures } from './explore-figures.tsx'
import { ExploreLegend } from './explore-legend.tsx'
import { ExploreSeeds } from './explore-seeds.tsx'
import { GoalChoice } from './goal-choice.tsx'
import { HandSettings } from './hand-settings.tsx'
import { loadPredictions } from './load-predictions.ts'
import { RuleChoice } from './rule-choice.tsx'
import { useAddress } from './use-address.ts'

interface ExplorerProps {
  /** The run of the page first, then the entry's other seeds. */
  readonly runs: readonly { readonly id: string; readonly seed: number }[]
  readonly bounds: ExploreBounds
  readonly classes: number
  /** Whether the validation images chose the epoch. */
  readonly choseEpoch: boolean
  readonly curves: ExploreCurves
  /** The run's own budgeted curve, as its manifest has it. */
  readonly published: readonly PublishedPoint[]
  readonly initial: ExploreState
  /** As the server computed them for the address, in the order of the runs. */
  readonly initialResults: readonly ExploreResult[]
}

/** Settings whose effect is recomputed here from the published predictions. Without JavaScript, a form. */
export function Explorer(props: ExplorerProps) {
  const { runs, bounds, initial, initialResults } = props
  const [state, setState] = useState(initial)
  const { loaded, failure, isLoading } = usePredictions(runs, bounds)
  const [own] = loaded

  // Until the predictions are here, only what the server computed is known: that of the first setting.
  const [initialOwn] = initialResults
  const result = useMemo(
    () => (own && state !== initial ? explore(own, state) : initialOwn),
    [own, state, initial, initialOwn],
  )
  // Other seeds follow when there is time: a guarantee takes a tenth of a second each.
  const later = useDeferredValue(state)
  const all = useMemo(() => {
    if (later === initial) return initialResults
    return loaded.length < runs.length ? undefined : loaded.map((run) => explore(run, later))
  }, [later, initial, initialResults, loaded, runs])
  useAddress(state === initial ? undefined : exploreQuery(state))
  if (!result) return null

  const isOld = own === undefined && state !== initial
  const { sequentialMacs, validationTop1 } = bounds
  const lines = chartLines(props.curves, state.rule, props.published, runs.length)
  const current = { macs: result.averageMacs, accuracy: result.accuracy }
  const others = (all ?? []).slice(1).map(({ averageMacs, accuracy }) => ({ macs: averageMacs, accuracy }))
  const seeds = runs.flatMap(({ seed }, i) => (all?.[i] ? [{ seed, result: all[i] }] : []))

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <form
        method="get"
        // Every change is computed at once; to send it would undo settings by hand.
        onSubmit={(event) => event.preventDefault()}
        className="card space-y-5 p-4 lg:sticky lg:top-4"
      >
        <RuleChoice
          rule={state.rule}
          onChange={(rule) => {
            const goal = state.mode === 'goal' ? state.goal : goalOf('budget', result.averageMacs, bounds)
            setState(
              validationTop1 === undefined
                ? {
                    mode: 'hand',
                    rule,
                    settings: sequentialMacs.slice(1, rule === 'patience' ? 2 : undefined).map(() => null),
                  }
                : { mode: 'goal', rule, goal },
            )
          }}
        />
        {validationTop1 === undefined ? null : (
          <GoalChoice
            state={state}
            bounds={bounds}
            averageMacs={result.averageMacs}
            choseEpoch={props.choseEpoch}
            onChange={(goal) => setState({ mode: 'goal', rule: state.rule, goal })}
          />
        )}
        <HandSettings
          rule={state.rule}
          exits={sequentialMacs.length}
          classes={props.classes}
          // What was set, also while its effect is not known yet.
          settings={state.mode === 'hand' ? state.settings : result.settings}
          onChange={(settings) => setState({ mode: 'hand', rule: state.rule, settings })}
        />
        <noscript>
          {validationTop1 === undefined ? null : (
            <button type="submit" className="button">
              Compute
            </button>
          )}
          <p className="mt-2 text-[0.88rem] text-soft">Settings by hand need JavaScript.</p>
        </noscript>
        <p role="status" className="text-[0.88rem] text-soft">
          {failure ?? (isLoading ? statusOf(loaded.length, runs.length) : null)}
          {isOld ? ' Chart and figures still show the previous setting.' : null}
        </p>
      </form>
      <div aria-busy={isOld} className={`card p-4 ${isOld ? 'opacity-60' : ''}`}>
        <ExploreChart lines={lines} exits={props.curves.exits} current={current} others={others} />
        <ExploreLegend lines={lines} seed={runs[0]?.seed ?? 0} hasOthers={others.length > 0} />
        <p className="mt-2 text-[0.87rem] text-soft">
          {runs.length > 1 ? 'Lines are means over seeds; bands reach from the lowest to the highest. ' : ''}
          The oracle knows the labels: no rule can beat it.
        </p>
        <p className="mt-2 text-[0.9rem]">{fittedText(state, result)}</p>
        <ExploreChartTable lines={lines} exits={props.curves.exits} current={current} />
        <ExploreFigures result={result} rule={state.rule} sequentialMacs={sequentialMacs} />
        {runs.length > 1 && seeds.length === runs.length ? (
          <ExploreSeeds state={later} seeds={seeds} />
        ) : null}
      </div>
    </div>
  )
}

/** Predictions of the runs, one after the other, the page's own first. */
function usePredictions(runs: ExplorerProps['runs'], { sequentialMacs, validationTop1 }: ExploreBounds) {
  const [loaded, setLoaded] = useState<readonly ExploredRun[]>([])
  const [failure, setFailure] = useState<string>()
  // Without JavaScript nothing is loading.
  const [isLoading, setLoading] = useState(false)
  const hasValidation = validationTop1 !== undefined
  useEffect(() => {
    setLoading(true)
    const abort = new AbortController()
    const load = async () => {
      const found: ExploredRun[] = []
      for (const { id } of runs) {
        found.push({ ...(await loadPredictions(id, hasValidation, abort.signal)), sequentialMacs })
        if (abort.signal.aborted) return
        setLoaded([...found])
      }
    }
    load().catch((thrown: unknown) => {
      if (!abort.signal.aborted) setFailure(thrown instanceof Error ? thrown.message : String(thrown))
    })
    return () => abort.abort()
  }, [runs, hasValidation, sequentialMacs])
  return { loaded, failure, isLoading }
}

function statusOf(loaded: number, runs: number): string {
  if (loaded === 0) return 'Loading predictions …'
  const computed = 'Computed in your browser from the published predictions.'
  return loaded < runs ? `${computed} Loading other seeds …` : computed
}

/** How the setting came about. */
function fittedText(state: ExploreState, { validation, loss, isMet }: ExploreResult): string {
  if (state.mode === 'hand') return 'Set by hand.'
  if (state.goal.kind === 'accuracy' && !isMet)
    return 'No setting of this rule reaches that accuracy on validation. Shown: every image at the last exit.'
  const there = validation
    ? `${percentText(validation.accuracy)} at ${si(validation.averageMacs)} MACs there`
    : ''
  if (state.goal.kind !== 'loss') return `Fitted on validation: ${there}.`
  if (validation?.exitShares.at(-1) === 1)
    return 'This cannot be guaranteed: there are too few validation images, or the exits differ too much. Shown: every image at the last exit, which loses nothing.'
  const points = Number((100 * state.goal.below).toFixed(2))
  const kept = 100 * loss < points ? 'is' : 'is not'
  return `Fitted on validation: ${there}. The loss is below ${points} points with ${percentText(0.95, 0)} probability; on this test split it ${kept}.`
}
