import { percent, si } from '../../view/numbers.ts'

interface Point {
  readonly macs: number
  readonly accuracy: number
}

interface ExploreChartProps {
  /** The published budgeted curve. */
  readonly curve: readonly Point[]
  /** Every image at one exit. */
  readonly exits: readonly Point[]
  /** The setting. */
  readonly current: Point
}

const width = 720
const height = 300
const margin = { top: 12, right: 16, bottom: 52, left: 60 }

/** The setting on the curve. Drawn here, not by packages/charts, since it moves under the reader's hand. */
export function ExploreChart({ curve, exits, current }: ExploreChartProps) {
  const all = [...curve, ...exits]
  const low = Math.min(...all.map(({ accuracy }) => accuracy))
  const high = Math.max(...all.map(({ accuracy }) => accuracy))
  const room = Math.max(0.005, 0.1 * (high - low))
  const [fromMacs, toMacs] = [
    Math.min(...all.map(({ macs }) => macs)),
    Math.max(...all.map(({ macs }) => macs)),
  ]
  const span = Math.max(1, toMacs - fromMacs)
  const x = (macs: number) =>
    margin.left + ((macs - fromMacs + 0.03 * span) / (1.06 * span)) * (width - margin.left - margin.right)
  const y = (accuracy: number) =>
    height -
    margin.bottom -
    ((accuracy - low + room) / (high - low + 2 * room)) * (height - margin.top - margin.bottom)
  const clamped = Math.min(high + room, Math.max(low - room, current.accuracy))
  const xTicks = [0, 0.25, 0.5, 0.75, 1].map((share) => fromMacs + share * span)
  const yTicks = [0, 0.25, 0.5, 0.75, 1].map((share) => low + share * (high - low))
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`Top-1 ${percent(current.accuracy, 1)} % at ${si(current.macs)}MACs on average`}
      className="h-auto w-full text-[20px] tabular-nums sm:text-[12px]"
    >
      {xTicks.map((macs) => (
        <g key={macs}>
          <line x1={x(macs)} x2={x(macs)} y1={margin.top} y2={height - margin.bottom} stroke="var(--line)" />
          <text x={x(macs)} y={height - margin.bottom + 21} textAnchor="middle" fill="var(--soft)">
            {si(macs)}
          </text>
        </g>
      ))}
      {yTicks.map((accuracy) => (
        <g key={accuracy}>
          <line
            x1={margin.left}
            x2={width - margin.right}
            y1={y(accuracy)}
            y2={y(accuracy)}
            stroke="var(--line)"
          />
          <text x={margin.left - 8} y={y(accuracy) + 4} textAnchor="end" fill="var(--soft)">
            {percent(accuracy, 1)}
          </text>
        </g>
      ))}
      <text x={width - margin.right} y={height - 6} textAnchor="end" fill="var(--soft)">
        average MACs an image →
      </text>
      <polyline
        points={curve.map(({ macs, accuracy }) => `${x(macs)},${y(accuracy)}`).join(' ')}
        fill="none"
        stroke="var(--series-1)"
        strokeWidth="2"
      />
      {exits.map(({ macs, accuracy }, k) => (
        <rect
          key={macs}
          x={x(macs) - 5}
          y={y(accuracy) - 5}
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
        y1={margin.top}
        y2={height - margin.bottom}
        stroke="var(--accent)"
        strokeDasharray="3 3"
      />
      <circle
        cx={x(current.macs)}
        cy={y(clamped)}
        r="7"
        fill="var(--accent)"
        stroke="var(--surface)"
        strokeWidth="2"
      />
    </svg>
  )
}
