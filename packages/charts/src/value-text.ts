import { intervalText, numbersIn, shortPercent } from '@mate-bench/schema/numbers'
import type { AxisModel, ChartModel, ChartPoint, ChartView, SeriesModel } from './model.ts'
import { shownPoint } from './scales.ts'

const { percentText, shortSi } = numbersIn('page')

/** A tick of an axis: short, without its unit. */
export function tickText(value: number, format: AxisModel['format']): string {
  if (format === 'si') return shortSi(value)
  if (format === 'day') return dayText(value)
  return format === 'percent' ? shortPercent(value) : String(value)
}

/** A value with its unit: `2.34 M MACs`, `81.3 %`, `epoch 3`. */
export function valueText(value: number, { format, unit }: Pick<AxisModel, 'format' | 'unit'>): string {
  const behind = unit === undefined ? '' : ` ${unit}`
  if (format === 'percent') return `${percentText(value, 1)}${behind}`
  if (format === 'day') return dayText(value)
  if (format === 'whole') return unit === undefined ? String(value) : `${unit} ${value}`
  return `${shortSi(value)}${behind}`
}

/** What is said of a point, a line each: whose it is, its value with interval, its cost, and what it rests on. */
export function pointText(
  model: ChartModel,
  series: SeriesModel,
  index: number,
  view: ChartView = {},
): readonly string[] {
  const point = series.points[index]
  if (!point) return []
  const label = series.labels?.[index] ?? (model.pointName ? `${model.pointName} ${index + 1}` : undefined)
  const [x, y, lower, upper] = shownPoint(point, view)
  return [
    label === undefined ? series.name : `${series.name}, ${label}`,
    `${valueText(y, model.y)}${view.error ? ' error' : ''}${ends(lower, upper)}`,
    valueText(x, model.x),
    ...(series.note === undefined ? [] : [series.note]),
  ]
}

function dayText(days: number): string {
  return new Date(86_400_000 * days).toISOString().slice(0, 10)
}

function ends(lower: ChartPoint[2], upper: ChartPoint[3]): string {
  if (lower === undefined || upper === undefined || lower === upper) return ''
  return ` ${intervalText({ lower, upper }, 1)}`
}
