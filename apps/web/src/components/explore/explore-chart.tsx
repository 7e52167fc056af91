import { percent, percentText, si } from '../../view/numbers.ts'
import { roundTicks } from '../../view/round-ticks.ts'

export interface Point {
  readonly macs: number
  readonly accuracy: number
}

/** A point of the budgeted curve. */
export interface CurvePoint extends Point {
  /** A share proportional to q^k of the images was to leave at exit k. */
  readonly q: number
}

export interface ExploreChartProps {
  /** The published budgeted curve. */
  readonly curve: readonly CurvePoint[]
  /** Every image at one exit. */
  readonly exits: readonly Point[]
  /** The setting. */
  readonly current: Point
}

/** Drawn for desks and for phones: an image that is only scaled has unreadable text. */
const forms = {
  wide: { width: 640, height: 320, ticks: 6 },
  narrow: { width: 340, height: 260, ticks: 4 },
} as const

const margin = { top: 30, right: 16, bottom: 48, left: 46 }

/** The setting on the curve. Drawn here, not by packages/charts, since it moves under the reader's hand. */
export function ExploreChart(props: ExploreChartProps) {
  return (
    <div className="figure">
      <div className="wide">
        <Drawing {...props} {...forms.wide} />
      </div>
      <div className="narrow">
        <Drawing {...props} {...forms.narrow} />
      </div>
    </div>
  )
}

interface DrawingProps extends ExploreChartProps {
  readonly width: number
  readonly height: number
  /** At most so many of each axis. */
  readonly ticks: number
}

function Drawing({ curve, exits, current, width, height, ticks }: DrawingProps) {
  const all = [...curve, ...exits]
  const [left, right] = [margin.left, width - margin.right]
  const [top, bottom] = [margin.top, height - margin.bottom]
  const macs = widened(all.map((point) => point.macs))
  const accuracy = widened(all.map((point) => point.accuracy))
  const x = (value: number) => left + ((value - macs.from) / (macs.to - macs.from)) * (right - left)
  const y = (value: number) =>
    bottom - ((value - accuracy.from) / (accuracy.to - accuracy.from)) * (bottom - top)
  const xTicks = roundTicks(macs.from, macs.to, ticks)
  const yTicks = roundTicks(accuracy.from, accuracy.to, ticks)
  const decimals = accuracy.to - accuracy.from < 0.03 ? 1 : 0
  // Thresholds by hand can be worse than all that the curve shows.
  const shown = Math.min(accuracy.to, Math.max(accuracy.from, current.accuracy))
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`Top-1 ${percentText(current.accuracy, 1)} at ${si(current.macs)} MACs on average. All figures are in the table below.`}
      className="text-[12px] tabular-nums"
      fill="var(--soft)"
    >
      {xTicks.map((tick) => (
        <g key={tick}>
          <line x1={x(tick)} x2={x(tick)} y1={top} y2={bottom} stroke="var(--line)" />
          <text x={x(tick)} y={bottom + 18} textAnchor="middle">
            {si(tick)}
          </text>
        </g>
      ))}
      {yTicks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={right} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
          <text x={left - 8} y={y(tick) + 4} textAnchor="end">
            {percent(tick, decimals)}
          </text>
        </g>
      ))}
      <text x={left - 36} y={14}>
        ↑ top-1 accuracy (%)
      </text>
      <text x={right} y={height - 8} textAnchor="end">
        average MACs per image →
      </text>
      <polyline
        points={curve.map((point) => `${x(point.macs)},${y(point.accuracy)}`).join(' ')}
        fill="none"
        stroke="var(--series-1)"
        strokeWidth="2"
      />
      {exits.map((point, k) => (
        <rect
          key={point.macs}
          x={x(point.macs) - 5}
          y={y(point.accuracy) - 5}
          width="10"
          height="10"
          fill="var(--series-2)"
          stroke="var(--surface)"
        >
          <title>{`all at exit ${k + 1}`}</title>
        </rect>
      ))}
      <line
        x1={x(current.macs)}
        x2={x(current.macs)}
        y1={top}
        y2={bottom}
        stroke="var(--accent)"
        strokeDasharray="3 3"
      />
      <circle
        cx={x(current.macs)}
        cy={y(shown)}
        r="7"
        fill="var(--accent)"
        stroke="var(--surface)"
        strokeWidth="2"
      />
    </svg>
  )
}

/** The range of some values, with room around them. */
function widened(values: readonly number[]): { readonly from: number; readonly to: number } {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  // Where all are equal there must still be a range.
  const room = 0.06 * (high - low) || 0.05 * high || 1
  return { from: low - room, to: high + room }
}
