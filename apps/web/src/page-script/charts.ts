import type { ChartModel } from '@mate-bench/charts'
import { touchChart } from '@mate-bench/charts/touch'

let undo: (() => void)[] = []

/** Makes every chart of the page one that can be touched; those of what was shown before are let go. */
export function touchCharts(): void {
  for (const end of undo) end()
  undo = [
    ...document.querySelectorAll<HTMLScriptElement>('script[type="application/json"].chart-data'),
  ].flatMap((data) => {
    const root = data.parentElement
    // `ChartFigure` wrote it.
    return root ? [touchChart(root, JSON.parse(data.text) as ChartModel)] : []
  })
}
