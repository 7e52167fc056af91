import { type SeriesStyle, seriesColour, symbolPath } from '@mate-bench/charts'

/** Colour and mark of an entry in the chart. */
export function Swatch({ colour, symbol }: SeriesStyle) {
  const isHollow = typeof symbol === 'string'
  return (
    <svg
      width="14"
      height="14"
      viewBox="-8 -8 16 16"
      aria-hidden="true"
      className="mr-2 inline-block align-[-2px]"
    >
      {isHollow ? (
        <path d={symbolPath(symbol, 90)} fill="none" stroke="currentColor" strokeWidth="1.5" />
      ) : (
        <path d={symbolPath(symbol, 90)} fill={seriesColour(colour)} />
      )}
    </svg>
  )
}
