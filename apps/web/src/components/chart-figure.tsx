import { type ChartModel, chartMarkup } from '@mate-bench/charts'
import type { ReactNode } from 'react'

interface ChartFigureProps {
  readonly model: ChartModel
  readonly caption?: ReactNode
}

/**
 * A chart: one SVG that fits any width, and the data that it is made of, from which the browser draws it again as its reader asks
 * (`page-script/charts.ts`).
 */
export function ChartFigure({ model, caption }: ChartFigureProps) {
  const data = JSON.stringify(model).replaceAll('<', '\\u003c')
  const markup = `${chartMarkup(model)}<script type="application/json" class="chart-data">${data}</script>`
  return (
    <figure>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: packages/charts escapes every text, and every < of the data is */}
      <div suppressHydrationWarning dangerouslySetInnerHTML={{ __html: markup }} />
      {caption ? <figcaption className="mt-2 text-[0.87rem] text-soft">{caption}</figcaption> : null}
    </figure>
  )
}
