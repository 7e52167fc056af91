import type { ChartModel } from '../model.ts'
import { touchChart } from './touch-chart.ts'

/** For pages without a framework: each chart that has its data beside it can be touched. */
for (const data of document.querySelectorAll<HTMLScriptElement>(
  'script[type="application/json"].chart-data',
)) {
  const root = data.parentElement
  // Written by the same program as this script.
  if (root) touchChart(root, JSON.parse(data.text) as ChartModel)
}
