import { aloneSymbol, seriesColour, seriesSymbol, symbolPath } from '@mate-bench/charts'

interface SwatchProps {
  readonly index: number
  /** A network of one exit, which the chart draws hollow. */
  readonly alone?: boolean
}

/** Colour and mark of a series in the chart above. */
export function Swatch({ index, alone = false }: SwatchProps) {
  return (
    <svg
      width="14"
      height="14"
      viewBox="-8 -8 16 16"
      aria-hidden="true"
      className="mr-2 inline-block align-[-2px]"
    >
      {alone ? (
        <path d={symbolPath(aloneSymbol, 90)} fill="none" stroke="currentColor" strokeWidth="1.5" />
      ) : (
        <path d={symbolPath(seriesSymbol(index), 90)} fill={seriesColour(index)} />
      )}
    </svg>
  )
}
