'use client'

import { useEffect, useId, useState } from 'react'
import { bytes, decimal, duration, integer, percentText, si } from '../../view/numbers.ts'
import { isBusy, type TrainingProgress } from '../../view/training-progress.ts'
import type { CheckedSpec } from '../submit/check-spec.ts'
import type { SpecExample } from '../submit/spec-editor.tsx'
import { BackendField } from './backend-field.tsx'
import type { BackendChoice } from './choose-backend.ts'
import { TrainingChart } from './training-chart.tsx'
import { TrainingTable } from './training-table.tsx'
import { useTraining } from './use-training.ts'

const pauseMilliseconds = 250

/** A spec, a button, and the curves of what it trains, all in the visitor's browser. */
export function TrainInBrowser({ examples }: { readonly examples: readonly SpecExample[] }) {
  const [text, setText] = useState(examples[0]?.text ?? '')
  const [backend, setBackend] = useState<BackendChoice>('auto')
  const checked = useCheck(text)
  const { progress, start, stop } = useTraining()
  const id = useId()
  const busy = isBusy(progress)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) start(text, backend)
        }}
      >
        <div className="mb-2 flex flex-wrap items-center gap-2">
          <label htmlFor={id} className="font-semibold">
            Spec
          </label>
          <span className="ml-auto text-[0.88rem] text-soft">Begin with</span>
          {examples.map((example) => (
            <button
              key={example.name}
              type="button"
              className="button min-h-0! px-2! py-0.5! text-[0.85rem]"
              onClick={() => setText(example.text)}
            >
              {example.name}
            </button>
          ))}
        </div>
        <textarea
          id={id}
          value={text}
          onChange={(event) => setText(event.target.value)}
          spellCheck={false}
          autoComplete="off"
          rows={20}
          aria-describedby={`${id}-check`}
          className="code w-full resize-y text-ink"
        />
        <Verdict id={`${id}-check`} checked={checked} />
        <div className="mt-3 flex flex-wrap items-center gap-3">
          <button
            type="submit"
            className="button button-primary disabled:opacity-55"
            disabled={busy || checked === undefined || !checked.ok}
          >
            Train
          </button>
          <button type="button" className="button disabled:opacity-55" disabled={!busy} onClick={stop}>
            Stop
          </button>
          <BackendField value={backend} disabled={busy} onChange={setBackend} />
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

/** How the spec is, some time after the last key. */
function useCheck(text: string): CheckedSpec | undefined {
  const [checked, setChecked] = useState<CheckedSpec>()
  useEffect(() => {
    let current = true
    const timer = setTimeout(async () => {
      // The schema brings every method and backbone with it: loaded here, not with the page.
      const checker = await import('../submit/check-spec.ts').catch(() => undefined)
      const message = 'The checker could not be loaded. Reload the page.'
      if (current) setChecked(checker?.checkSpec(text) ?? { ok: false, message, problems: [] })
    }, pauseMilliseconds)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])
  return checked
}

function Verdict({ id, checked }: { readonly id: string; readonly checked: CheckedSpec | undefined }) {
  if (checked === undefined) return <p id={id}>Checking …</p>
  if (checked.ok) {
    const { parameters, totalMacs, runs, trainingBytes } = checked
    return (
      <p id={id} className="mt-2 text-[0.92rem] text-soft">
        Valid: {integer(parameters)} parameters, {si(totalMacs / runs)} MACs and about {bytes(trainingBytes)}{' '}
        for one seed. The first seed is trained.
      </p>
    )
  }
  const problems = checked.problems.length > 0 ? checked.problems : [{ path: '', message: checked.message }]
  return (
    <ul id={id} className="mt-2 text-[0.92rem] text-bad">
      {problems.map(({ path, message }) => (
        <li key={`${path} ${message}`}>
          {path ? <code className="font-semibold">{path}: </code> : null}
          {message}
        </li>
      ))}
    </ul>
  )
}

const stages: Readonly<Record<TrainingProgress['stage'], string>> = {
  idle: 'Nothing is trained yet.',
  images: 'Loading the images, 3 MB, and holding them to their digests …',
  backend: 'Opening the backend …',
  training: 'Training in your browser.',
  evaluating: 'Evaluating every exit on the test images …',
  trained: 'Trained. Nothing was sent, stored or published.',
  stopped: 'Stopped. Nothing of it is kept.',
  failed: 'It did not train.',
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
          {duration(result.wallSeconds)}; the weights of epoch {result.judgedEpoch} were judged.
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
        Only what a worker trains and checks stands on the board. From a terminal,{' '}
        <code>mate-bench run spec.json</code> trains all seeds and keeps everything that a check needs.
      </p>
    </div>
  )
}
