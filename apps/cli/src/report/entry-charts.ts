import { learningChart, reliabilityChart } from '@mate-bench/charts'
import type { EntryReport } from '@mate-bench/harness/entries'
import { epochRows, learningCurve, learningSplit } from '@mate-bench/harness/learning-curve'
import { pooledCalibrationBins } from '@mate-bench/stats'
import { chartFigure } from './chart-figure.ts'
import { type Html, html } from './html.ts'
import { percentText } from './page-numbers.ts'

/** Learning curves and reliability of one entry, side by side where there is room. */
export function entryCharts(entry: EntryReport, id: string): Html {
  return html`<div class="pair">${learningFigure(entry, id)}${reliabilityFigure(entry, id)}</div>`
}

function learningFigure(entry: EntryReport, id: string): Html | undefined {
  const runs = entry.runs.map(({ epochs }) => epochRows(epochs))
  const split = learningSplit(runs)
  const curves = entry.exits.map(({ k }) => ({ name: `exit ${k}`, points: learningCurve(runs, split, k) }))
  if (curves.every(({ points }) => points.length === 0)) return undefined
  const last = curves.map(({ name, points }) => `${name} ${percentText(points.at(-1)?.top1 ?? 0, 1)}`)
  const model = learningChart(curves, {
    id: `${id}-learning`,
    split: split === 'train' ? 'training' : split,
    title: `Learning curves of ${entry.name}`,
    description: `Top-1 accuracy on the ${split} split over epochs. After the last epoch: ${last.join(', ')}.`,
  })
  const many =
    entry.seeds.length > 1 ? ' Lines are means over seeds, bands reach from the lowest to the highest.' : ''
  return chartFigure(model, `Learning curves.${many}`)
}

function reliabilityFigure(entry: EntryReport, id: string): Html {
  const series = entry.exits.map(({ k }, i) => ({
    name: `exit ${k}`,
    bins: pooledCalibrationBins(entry.runs.flatMap((run) => run.predictions.table.exits[i] ?? [])),
  }))
  const errors = entry.exits.map(({ k, ece }) => `exit ${k} ${percentText(ece, 1)}`)
  const model = reliabilityChart(series, {
    id: `${id}-reliability`,
    title: `Reliability of ${entry.name}`,
    description: `Share of right answers against confidence, in 15 bins. Expected calibration error: ${errors.join(', ')}.`,
  })
  return chartFigure(
    model,
    'Reliability on the test split, seeds pooled. On the dashed line, confidence says how often the exit is right; below it, the exit is overconfident.',
  )
}
