import type { ChartModel, ChartView } from '../model.ts'
import { chartScales } from '../scales.ts'

/** What is brushed must be this share of the axis at least; less is a click. */
export const leastBrush = 0.02

/** The view after a part of the axis was brushed; places in [0, 1]. */
export function brushed(model: ChartModel, view: ChartView, from: number, to: number): ChartView {
  const { x } = chartScales(model, view)
  const [low, high] = [Math.max(0, Math.min(from, to)), Math.min(1, Math.max(from, to))]
  if (high - low < leastBrush) return view
  return { ...view, range: [x.value(low), x.value(high)] }
}

/** The view with the axis `factor` times as long, around a place of it; whole again where everything fits. */
export function zoomed(model: ChartModel, view: ChartView, factor: number, around = 0.5): ChartView {
  const { x } = chartScales(model, view)
  const { range: _, ...whole } = view
  const all = chartScales(model, whole).x
  const [low, high] = [around * (1 - factor), around + (1 - around) * factor]
  const from = Math.max(all.at(x.value(low)), 0)
  const to = Math.min(all.at(x.value(high)), 1)
  if (from <= 1e-6 && to >= 1 - 1e-6) return whole
  // Closer than this, nothing is left to see.
  if (to - from < 1e-4) return view
  return { ...view, range: [all.value(from), all.value(to)] }
}
