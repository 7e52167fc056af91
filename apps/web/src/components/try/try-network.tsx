'use client'

import { useState } from 'react'
import { leavingExit } from '../../view/leaving-exit.ts'
import { bytes as bytesText, percentText, si } from '../../view/numbers.ts'
import type { Tryable } from '../../view/tryable.ts'
import { BackendField } from './backend-field.tsx'
import type { BackendChoice } from './choose-backend.ts'
import { DrawPad } from './draw-pad.tsx'
import { ExitAnswers } from './exit-answers.tsx'
import type { Samples } from './network-messages.ts'
import { SampleImages } from './sample-images.tsx'
import { UploadPicture } from './upload-picture.tsx'
import { useNetwork } from './use-network.ts'

type Source = 'sample' | 'drawing' | 'picture'

const sourceNames: Readonly<Record<Source, string>> = {
  sample: 'Test image',
  drawing: 'Draw',
  picture: 'Upload',
}

/** An image on one side, what every exit of the published network makes of it on the other. */
export function TryNetwork({ run, imageShape, classes, sequentialMacs, weightsBytes }: Tryable) {
  const sources: Source[] = [
    ...(run.hasSamples ? (['sample'] as const) : []),
    ...(imageShape[2] === 1 ? (['drawing'] as const) : []),
    'picture',
  ]
  const [source, setSource] = useState<Source>(sources[0] ?? 'picture')
  const [choice, setChoice] = useState<BackendChoice>('auto')
  const [sample, setSample] = useState<number>()
  const [threshold, setThreshold] = useState(0.8)
  const { isStarted, backend, samples, failure, samplesFailure, answers, answer, clear } = useNetwork(
    run,
    choice,
  )
  const show = (bytes: Uint8Array, position?: number) => {
    setSample(position)
    answer(bytes)
  }
  const choose = (next: Source) => {
    setSource(next)
    setSample(undefined)
    clear()
  }
  const size = imageShape[0] * imageShape[1] * imageShape[2]
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <section aria-label="Image" className="card p-4">
        <fieldset className="mb-3" disabled={!isStarted}>
          <legend className="mb-1 font-semibold">Image</legend>
          <div className="flex flex-wrap gap-x-5 gap-y-1">
            {sources.map((one) => (
              <label key={one} className="inline-flex items-center gap-1.5">
                <input type="radio" name="source" checked={source === one} onChange={() => choose(one)} />
                {sourceNames[one]}
              </label>
            ))}
          </div>
        </fieldset>
        {source === 'sample' && samples ? (
          <SampleImages
            samples={samples}
            classes={classes}
            imageShape={imageShape}
            chosen={sample}
            onChoose={(position) =>
              show(samples.images.slice(position * size, (position + 1) * size), position)
            }
          />
        ) : null}
        {source === 'sample' && !samples ? (
          <p className="min-h-40 text-soft">
            {samplesFailure
              ? `${samplesFailure.message} ${samplesFailure.hint ?? ''}`
              : isStarted
                ? 'Loading test images …'
                : ''}
          </p>
        ) : null}
        {source === 'drawing' ? <DrawPad imageShape={imageShape} onDraw={show} /> : null}
        {source === 'picture' ? (
          <UploadPicture imageShape={imageShape} onPicture={show} onNothing={clear} />
        ) : null}
      </section>
      <section aria-label="Answers" className="card p-4">
        <p role="status" className="text-[0.92rem] text-soft">
          {failure
            ? ''
            : backend
              ? `Weights of ${bytesText(weightsBytes)}, checked against their digest. ${backend.what}${backend.why ? ` (${backend.why})` : ''}.`
              : isStarted
                ? 'Loading the network …'
                : ''}
        </p>
        {failure ? (
          <p role="alert">
            <span className="text-bad">{failure.message}</span> {failure.hint}
          </p>
        ) : null}
        <div className="mt-3">
          <ExitAnswers
            sequentialMacs={sequentialMacs}
            classes={classes}
            answers={answers}
            published={publishedOf(samples, sample)}
            threshold={threshold}
          />
        </div>
        <p className="mt-2 min-h-[1.6em]">
          {samples && sample !== undefined ? (
            <>
              True class: <strong>{classes[samples.labels[sample] ?? 0]}</strong>.
            </>
          ) : null}
        </p>
        <label className="mt-2 block">
          <span className="flex justify-between text-[0.92rem]">
            Threshold: leave at the first exit that is at least this confident
            <span className="ml-3 whitespace-nowrap tabular-nums">{percentText(threshold, 1)}</span>
          </span>
          <input
            type="range"
            aria-label="Threshold"
            aria-valuetext={`${percentText(threshold, 1)}`}
            min={0}
            max={1}
            step={0.005}
            value={threshold}
            disabled={!isStarted}
            onChange={(event) => setThreshold(Number(event.target.value))}
            className="w-full accent-(--accent)"
          />
        </label>
        <p aria-live="polite" className="mt-1 min-h-[3.2em] sm:min-h-[1.6em]">
          {leavingText(
            answers.map(({ confidence }) => confidence),
            sequentialMacs,
            threshold,
          )}
        </p>
        <div className="mt-3 text-[0.92rem]">
          <BackendField value={choice} disabled={!isStarted} onChange={setChoice} />
        </div>
      </section>
    </div>
  )
}

function publishedOf(samples: Samples | undefined, sample: number | undefined) {
  if (samples === undefined || sample === undefined || samples.published.length === 0) return undefined
  return samples.published.map(({ predicted, confidence }) => ({
    predicted: predicted[sample] ?? 0,
    confidence: confidence[sample] ?? Number.NaN,
  }))
}

/** Where the image leaves, and what of the whole network's cost it pays. */
function leavingText(
  confidences: readonly number[],
  sequentialMacs: readonly number[],
  threshold: number,
): string {
  if (confidences.length === 0) return ''
  const exit = leavingExit(confidences, sequentialMacs.length, threshold)
  if (exit === undefined) return ''
  const [macs = 0, all = 1] = [sequentialMacs[exit - 1], sequentialMacs.at(-1)]
  return `This image leaves at exit ${exit}: ${si(macs)} MACs, ${percentText(macs / all, 0)} of the cost of the whole network.`
}
