import { type ChartModel, chartMarkup } from '@mate-bench/charts'
import { Html, html } from './html.ts'

/** A chart with a line under it. */
export function chartFigure(model: ChartModel, caption: string): Html {
  return html`<figure>${new Html(chartMarkup(model))}<figcaption>${caption}</figcaption></figure>`
}
