import type { ReactNode } from 'react'

export interface FigureProps {
  /** Draws the chart at a width in pixels; `form` keeps ids apart. The SVG is our own and escapes its texts. */
  readonly draw: (width: number, form: 'wide' | 'narrow') => string
  readonly wide?: number
  readonly caption?: ReactNode
}

/** A chart drawn twice, for desks and phones: an image that is only scaled has unreadable text. */
export function Figure({ draw, wide = 1080, caption }: FigureProps) {
  return (
    <figure className="figure">
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: SVG that packages/charts serialised from a DOM */}
      <div className="wide" dangerouslySetInnerHTML={{ __html: draw(wide, 'wide') }} />
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: SVG that packages/charts serialised from a DOM */}
      <div className="narrow" dangerouslySetInnerHTML={{ __html: draw(370, 'narrow') }} />
      {caption ? <figcaption className="mt-2 text-[0.87rem] text-soft">{caption}</figcaption> : null}
    </figure>
  )
}
