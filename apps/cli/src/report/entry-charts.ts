import { type CurvePoint, learningCurves, reliabilityDiagram } from '@mate-bench/charts'
import type { EntryReport } from '@mate-bench/harness/entries'
import { calibrationBins, correctness, type ExitPredictions } from '@mate-bench/stats'
import { epochRows } from './epoch-rows.ts'
import { Html, html } from './html.ts'

const width = 430

/** Learning curves and reliability of one entry, side by side where there is room. */
export function entryCharts(entry: EntryReport, id: string): Html {
  return html`<div class="pair">${learningFigure(entry, id)}${reliabilityFigure(entry, id)}</div>`
}

function learningFigure(entry: EntryReport, id: string): Html | undefined {
  const runs = entry.runs.map(epochRows)
  const split = runs.some((rows) => rows.some(({ validation }) => validation.length > 0))
    ? 'validation'
    : 'train'
  const curves = entry.exits.map(({ k }) => ({ name: `exit ${k}`, points: curveOf(runs, split, k) }))
  if (curves.every(({ points }) => points.length === 0)) return undefined
  const last = curves.map(({ name, points }) => `${name} ${(100 * (points.at(-1)?.top1 ?? 0)).toFixed(1)} %`)
  const svg = learningCurves(curves, {
    id: `${id}-learning`,
    width,
    split: split === 'train' ? 'training' : split,
    title: `Learning curves of ${entry.name}`,
    description: `Top-1 accuracy on the ${split} split over epochs. After the last epoch: ${last.join(', ')}.`,
  })
  const many =
    entry.seeds.length > 1 ? ' Lines are means over seeds, bands reach from the lowest to the highest.' : ''
  return html`<figure class="chart">${new Html(svg)}<figcaption>Learning curves.${many}</figcaption></figure>`
}

function curveOf(
  runs: readonly ReturnType<typeof epochRows>[],
  split: 'train' | 'validation',
  k: number,
): CurvePoint[] {
  const byEpoch = new Map<number, number[]>()
  for (const row of runs.flat()) {
    const value = row[split].find((exit) => exit.k === k)?.top1
    if (value !== undefined) byEpoch.set(row.epoch, [...(byEpoch.get(row.epoch) ?? []), value])
  }
  return [...byEpoch]
    .sort(([a], [b]) => a - b)
    .map(([epoch, values]) => ({
      epoch,
      top1: values.reduce((sum, value) => sum + value, 0) / values.length,
      lowest: Math.min(...values),
      highest: Math.max(...values),
    }))
}

function reliabilityFigure(entry: EntryReport, id: string): Html {
  const series = entry.exits.map(({ k }, i) => ({
    name: `exit ${k}`,
    bins: binsOf(entry.runs.flatMap((run) => run.predictions.table.exits[i] ?? [])),
  }))
  const errors = entry.exits.map(({ k, ece }) => `exit ${k} ${(100 * ece).toFixed(1)} %`)
  const svg = reliabilityDiagram(series, {
    id: `${id}-reliability`,
    width,
    title: `Reliability of ${entry.name}`,
    description: `Share of right answers against confidence, in 15 bins. Expected calibration error: ${errors.join(', ')}.`,
  })
  return html`<figure class="chart">${new Html(svg)}<figcaption>Reliability on the test split, seeds pooled. On the dashed line, confidence says how often the exit is right; below it, the exit is too sure.</figcaption></figure>`
}

/** Bins of all seeds' predictions together. */
function binsOf(predictions: readonly ExitPredictions[]) {
  const total = predictions.reduce((sum, { confidence }) => sum + confidence.length, 0)
  const confidence = new Float32Array(total)
  const correct = new Uint8Array(total)
  let at = 0
  for (const exit of predictions) {
    confidence.set(exit.confidence, at)
    correct.set(correctness(exit), at)
    at += exit.confidence.length
  }
  return calibrationBins(confidence, correct)
}
