'use client'

import { useId, useRef, useState } from 'react'
import { bytes, decimal, duration, integer, percentText, si } from '../../view/numbers.ts'
import { isBusy, type TrainingProgress } from '../../view/training-progress.ts'
import type { CheckedSpec } from '../spec/check-spec.ts'
import { type SpecExample, SpecField } from '../spec/spec-field.tsx'
import { NoChecker, SpecProblems } from '../spec/spec-problems.tsx'
import type { SpecTextHandle } from '../spec/spec-text.tsx'
import { useSpecCheck } from '../spec/use-spec-check.ts'
import { BackendField } from './backend-field.tsx'
import type { BackendChoice } from './choose-backend.ts'
import { TrainingChart } from './training-chart.tsx'
import { TrainingTable } from './training-table.tsx'
import { useTraining } from './use-training.ts'

interface TrainInBrowserProps {
  readonly examples: readonly [SpecExample, ...SpecExample[]]
  /** Of the first example. */
  readonly initialCheck: CheckedSpec
}

/** A spec, a button, and the curves of what it trains, all in the visitor's browser. */
export function TrainInBrowser({ examples, initialCheck }: TrainInBrowserProps) {
  const initialText = examples[0].text
  const [text, setText] = useState(initialText)
  const [backend, setBackend] = useState<BackendChoice>('auto')
  const { checked, isCurrent } = useSpecCheck(text, { text: initialText, checked: initialCheck })
  const { isStarted, progress, start, stop } = useTraining()
  const area = useRef<SpecTextHandle>(null)
  const verdictId = useId()
  const busy = isBusy(progress)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) start(text, backend)
        }}
      >
        <SpecField
          ref={area}
          examples={examples}
          text={text}
          initialText={initialText}
          onText={setText}
          checked={checked}
          verdictId={verdictId}
          rows={20}
        />
        <div aria-live="polite" className="mt-2">
          <Verdict id={verdictId} checked={checked} onLine={(line) => area.current?.showLine(line)} />
        </div>
        <div className="mt-3 flex flex-wrap items-center gap-3">
          <button
            type="submit"
            className="button button-primary disabled:opacity-55"
            disabled={!isStarted || busy || !isCurrent || checked === 'unloadable' || !checked.ok}
          >
            Train
          </button>
          <button type="button" className="button disabled:opacity-55" disabled={!busy} onClick={stop}>
            Stop
          </button>
          <BackendField value={backend} disabled={!isStarted || busy} onChange={setBackend} />
        </div>
      </form>
      <section aria-label="Training" className="card min-h-80 px-4 py-3.5">
        <p role="status">{stageText(progress)}</p>
        <Standing progress={progress} />
        {progress.failure ? (
          <p role="alert" className="mt-2">
            <span className="text-bad">{progress.failure.message}</span> {progress.failure.hint}
          </p>
        ) : null}
        {progress.began ? <TrainingChart progress={progress} /> : null}
        <TrainingTable progress={progress} />
        {progress.stage === 'trained' ? <Next text={text} /> : null}
      </section>
    </div>
  )
}

interface VerdictProps {
  readonly id: string
  readonly checked: CheckedSpec | 'unloadable'
  readonly onLine: (line: number) => void
}

function Verdict({ id, checked, onLine }: VerdictProps) {
  if (checked === 'unloadable') return <NoChecker verdictId={id} />
  if (!checked.ok) return <SpecProblems verdictId={id} problems={checked.problems} onLine={onLine} />
  const { parameters, totalMacs, runs, trainingBytes } = checked
  return (
    <p id={id} className="text-[0.92rem] text-soft">
      Valid: {integer(parameters)} parameters, {si(totalMacs / runs)} MACs and about {bytes(trainingBytes)} of
      memory for one seed. This page trains the first seed.
    </p>
  )
}

const stages: Readonly<Record<TrainingProgress['stage'], string>> = {
  idle: 'Press Train: the accuracy of every exit appears here, epoch by epoch.',
  images: 'Loading the images (3 MB) and checking their digests …',
  backend: 'Starting the backend …',
  training: 'Training in your browser.',
  evaluating: 'Evaluating every exit on the test images …',
  trained: 'Trained. Nothing was sent, stored or published.',
  stopped: 'Stopped. Nothing was kept.',
  failed: 'Training failed.',
}

/** Changes with the stage alone: a screen reader says it aloud. */
function stageText({ stage }: TrainingProgress): string {
  return stages[stage]
}

function Standing({ progress }: { readonly progress: TrainingProgress }) {
  const { began, latest, stage, result } = progress
  if (began === undefined) return null
  const { backend, epochs, stepsPerEpoch, seed } = began
  const total = epochs * stepsPerEpoch
  const done = latest ? latest.epoch * stepsPerEpoch + latest.step : 0
  return (
    <div className="mt-1 text-[0.9rem] text-soft">
      <p>
        {backend.what}
        {backend.why ? ` (${backend.why})` : null}; seed {seed}.
      </p>
      {stage === 'trained' && result ? (
        <p>
          {duration(result.wallSeconds)}; evaluated with the weights of epoch {result.judgedEpoch}.
        </p>
      ) : (
        <p className="tabular-nums">
          Step {integer(done)} of {integer(total)} ({percentText(done / total, 0)})
          {latest ? `, loss ${decimal(latest.loss, 3)}, ${si(latest.imagesPerSecond)} images/s` : null}
        </p>
      )}
      <progress
        className="mt-1 block h-2 w-full accent-(--accent)"
        max={total}
        value={done}
        aria-label="Steps done"
      />
    </div>
  )
}

/** What may follow: the result is a spec that a site's workers can train. */
function Next({ text }: { readonly text: string }) {
  return (
    <div className="mt-4 flex flex-wrap items-center gap-3">
      <a className="button button-primary" href={`/submit#spec=${encodeURIComponent(text)}`}>
        Submit this spec
      </a>
      <a
        className="button"
        download="spec.json"
        href={`data:application/json;charset=utf-8,${encodeURIComponent(text)}`}
      >
        Save spec.json
      </a>
      <p className="max-w-[60ch] text-[0.9rem] text-soft">
        This result does not appear on the board; submit the spec to have it trained and checked by a worker.
        From a terminal, <code>mate-bench run spec.json</code> trains all seeds and keeps everything that a
        check needs.
      </p>
    </div>
  )
}
