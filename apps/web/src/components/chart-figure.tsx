'use client'

import { type ChartModel, chartMarkup } from '@mate-bench/charts'
import { touchChart } from '@mate-bench/charts/touch'
import { type ReactNode, useEffect, useMemo, useRef } from 'react'

interface ChartFigureProps {
  readonly model: ChartModel
  readonly caption?: ReactNode
}

/**
 * A chart: one SVG that fits any width. The server sends the drawing and the data that it is made of; the browser, which
 * redraws it as its reader asks, gets no second copy of the drawing.
 */
export function ChartFigure({ model, caption }: ChartFigureProps) {
  const root = useRef<HTMLDivElement>(null)
  const markup = useMemo(() => chartMarkup(model), [model])
  // Equal data from another visit of the server is no reason to begin anew.
  const data = useMemo(() => JSON.stringify(model), [model])
  useEffect(() => (root.current ? touchChart(root.current, JSON.parse(data)) : undefined), [data])
  return (
    <figure>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: packages/charts escapes every text */}
      <div ref={root} dangerouslySetInnerHTML={{ __html: markup }} />
      {caption ? <figcaption className="mt-2 text-[0.87rem] text-soft">{caption}</figcaption> : null}
    </figure>
  )
}
