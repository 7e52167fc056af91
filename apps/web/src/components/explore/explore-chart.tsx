import type { CurvePoint } from '../../view/explore-curves.ts'
import { percent, percentText, si } from '../../view/numbers.ts'
import { roundTicks } from '../../view/round-ticks.ts'

/** A line of the chart; the band from the lowest to the highest seed is drawn where `hasBand`. */
export interface ChartLine {
  readonly name: string
  readonly points: readonly CurvePoint[]
  readonly colour: string
  readonly look: 'chosen' | 'other' | 'dashed' | 'dotted'
  readonly hasBand: boolean
}

interface Point {
  readonly macs: number
  readonly accuracy: number
}

export interface ExploreChartProps {
  readonly lines: readonly ChartLine[]
  /** Every image at one exit. */
  readonly exits: readonly CurvePoint[]
  /** The setting, of this seed. */
  readonly current: Point
  /** The setting, each other seed. */
  readonly others: readonly Point[]
}

export const exitColour = 'var(--series-6)'

/** Drawn for desks and for phones: an image that is only scaled has unreadable text. */
const forms = {
  wide: { width: 640, height: 340, ticks: 6 },
  narrow: { width: 340, height: 280, ticks: 4 },
} as const

const margin = { top: 30, right: 16, bottom: 48, left: 46 }

/** The setting among what the rules can do. Drawn here, not by packages/charts, since it moves under the reader's hand. */
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

function Drawing({ lines, exits, current, others, width, height, ticks }: DrawingProps) {
  const all = [...lines.flatMap(({ points }) => points), ...exits]
  const [left, right] = [margin.left, width - margin.right]
  const [top, bottom] = [margin.top, height - margin.bottom]
  const macs = widened(all.map((point) => point.macs))
  const accuracy = widened(all.flatMap((point) => [point.accuracy.lowest, point.accuracy.highest]))
  const x = (value: number) => left + ((value - macs.from) / (macs.to - macs.from)) * (right - left)
  // Thresholds by hand can be worse than all that the lines show.
  const held = (value: number) => Math.min(accuracy.to, Math.max(accuracy.from, value))
  const y = (value: number) =>
    bottom - ((held(value) - accuracy.from) / (accuracy.to - accuracy.from)) * (bottom - top)
  const xTicks = roundTicks(macs.from, macs.to, ticks)
  const yTicks = roundTicks(accuracy.from, accuracy.to, ticks)
  const decimals = accuracy.to - accuracy.from < 0.03 ? 1 : 0
  const place = (macs_: number, share: number) => `${tenth(x(macs_))},${tenth(y(share))}`
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
      {lines
        .filter(({ hasBand }) => hasBand)
        .map(({ name, points, colour }) => (
          <polygon
            key={name}
            points={[
              ...points.map((point) => place(point.macs, point.accuracy.highest)),
              ...points.toReversed().map((point) => place(point.macs, point.accuracy.lowest)),
            ].join(' ')}
            fill={colour}
            opacity="0.2"
          />
        ))}
      {lines.map(({ name, points, colour, look }) => (
        <polyline
          key={name}
          points={points.map((point) => place(point.macs, point.accuracy.mean)).join(' ')}
          fill="none"
          stroke={colour}
          {...strokes[look]}
        />
      ))}
      {exits.map((point) => (
        <rect
          key={point.macs}
          x={x(point.macs) - 5}
          y={y(point.accuracy.mean) - 5}
          width="10"
          height="10"
          fill={exitColour}
          stroke="var(--surface)"
        />
      ))}
      <line
        x1={x(current.macs)}
        x2={x(current.macs)}
        y1={top}
        y2={bottom}
        stroke="var(--accent)"
        strokeDasharray="3 3"
      />
      {others.map((point, i) => (
        <circle
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the seed
          key={i}
          cx={x(point.macs)}
          cy={y(point.accuracy)}
          r="4"
          fill="var(--surface)"
          stroke="var(--accent)"
          strokeWidth="2"
        />
      ))}
      <circle
        cx={x(current.macs)}
        cy={y(current.accuracy)}
        r="7"
        fill="var(--accent)"
        stroke="var(--surface)"
        strokeWidth="2"
      />
    </svg>
  )
}

export const strokes = {
  chosen: { strokeWidth: 3 },
  other: { strokeWidth: 1.5 },
  dashed: { strokeWidth: 1.5, strokeDasharray: '7 4' },
  dotted: { strokeWidth: 2, strokeDasharray: '1.5 4' },
} as const

/** The range of some values, with room around them. */
function widened(values: readonly number[]): { readonly from: number; readonly to: number } {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  // Where all are equal there must still be a range.
  const room = 0.06 * (high - low) || 0.05 * high || 1
  return { from: low - room, to: high + room }
}

/** Of a pixel: finer can't be seen. */
const tenth = (pixels: number) => Math.round(10 * pixels) / 10
