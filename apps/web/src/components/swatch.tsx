import { legendMark, type SeriesStyle, seriesColour } from '@mate-bench/charts'

/** How an entry is drawn in the chart: its line, dashes and mark, as its legend has them. */
export function Swatch(style: SeriesStyle) {
  return (
    <span
      className="mr-2 inline-block align-[-1px] [&>svg]:block"
      // biome-ignore lint/security/noDangerouslySetInnerHtml: SVG of packages/charts, which has no text in it
      dangerouslySetInnerHTML={{ __html: legendMark(style, seriesColour(style.colour)) }}
    />
  )
}
