import { type ChartModel, chartMarkup } from '@mate-bench/charts'
import { Html, html } from './html.ts'

/** A chart with a line under it, and its data for the page's script. */
export function chartFigure(model: ChartModel, caption: string): Html {
  const data = JSON.stringify(model).replaceAll('<', '\\u003c')
  return html`<figure><div>${new Html(chartMarkup(model))}<script type="application/json" class="chart-data">${new Html(data)}</script></div><figcaption>${caption}</figcaption></figure>`
}
