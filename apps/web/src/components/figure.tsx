import type { ReactNode } from 'react'
import { keepDrawing } from '../data/drawing-cache.ts'

export interface FigureProps {
  /** A name for the chart; with `data` it tells drawings apart. */
  readonly kind: string
  /** Plain data that holds all that the drawing depends on: equal kind and data, equal drawing. */
  readonly data: unknown
  /** Draws at a width in pixels; `form` keeps ids apart. The SVG is our own and escapes its texts. */
  readonly draw: (width: number, form: 'wide' | 'narrow') => string
  /** Width in pixels of the drawing for desks. */
  readonly wide: number
  readonly caption?: ReactNode
}

const narrow = 370

/** A chart drawn twice, for desks and phones: an image that is only scaled has unreadable text. */
export function Figure({ kind, data, draw, wide, caption }: FigureProps) {
  const key = `${kind} ${wide} ${JSON.stringify(data)}`
  const drawn = (form: 'wide' | 'narrow') => ({
    __html: keepDrawing(`${form} ${key}`, () => draw(form === 'wide' ? wide : narrow, form)),
  })
  return (
    <figure className="figure">
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: SVG that packages/charts serialised from a DOM */}
      <div className="wide" dangerouslySetInnerHTML={drawn('wide')} />
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: SVG that packages/charts serialised from a DOM */}
      <div className="narrow" dangerouslySetInnerHTML={drawn('narrow')} />
      {caption ? <figcaption className="mt-2 text-[0.87rem] text-soft">{caption}</figcaption> : null}
    </figure>
  )
}
