import { seriesColour, seriesSymbol, symbolPath } from '@mate-bench/charts'

/** Colour and mark of a series in the chart above. */
export function Swatch({ index }: { index: number }) {
  return (
    <svg
      width="14"
      height="14"
      viewBox="-8 -8 16 16"
      aria-hidden="true"
      className="mr-2 inline-block align-[-2px]"
    >
      <path d={symbolPath(seriesSymbol(index), 90)} fill={seriesColour(index)} />
    </svg>
  )
}
