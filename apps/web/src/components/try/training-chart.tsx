import { seriesColour } from '@mate-bench/charts/palette'
import { percent } from '../../view/numbers.ts'
import { roundTicks } from '../../view/round-ticks.ts'
import type { CurvePoint, TrainingProgress } from '../../view/training-progress.ts'

/** Drawn for desks and for phones: an image that is only scaled has unreadable text. */
const forms = {
  wide: { width: 640, height: 330, ticks: 6 },
  narrow: { width: 340, height: 280, ticks: 4 },
} as const

const margin = { top: 30, right: 14, bottom: 44, left: 40 }

type Form = (typeof forms)[keyof typeof forms]

/** Accuracy of every exit while it trains. Drawn here, not by packages/charts, since it grows under the reader's eyes. */
export function TrainingChart({ progress }: { readonly progress: TrainingProgress }) {
  return (
    <div className="figure">
      <div className="wide">
        <Drawing progress={progress} form={forms.wide} />
      </div>
      <div className="narrow">
        <Drawing progress={progress} form={forms.narrow} />
      </div>
      <Legend exits={progress.began?.exits ?? 0} />
    </div>
  )
}

function Drawing({ progress, form }: { readonly progress: TrainingProgress; readonly form: Form }) {
  const { width, height, ticks } = form
  const epochs = progress.began?.epochs ?? 1
  const [left, right] = [margin.left, width - margin.right]
  const [top, bottom] = [margin.top, height - margin.bottom]
  const x = (epoch: number) => left + (epoch / epochs) * (right - left)
  const y = (top1: number) => bottom - top1 * (bottom - top)
  const line = (points: readonly CurvePoint[]) =>
    points.map(({ epoch, top1 }) => `${tenth(x(epoch))},${tenth(y(top1))}`).join(' ')
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label="Top-1 accuracy of every exit against epochs. The figures of finished epochs are in the table below."
      className="text-[12px] tabular-nums"
      fill="var(--soft)"
    >
      {roundTicks(0, epochs, ticks)
        .filter((tick) => Number.isInteger(tick))
        .map((tick) => (
          <g key={tick}>
            <line x1={x(tick)} x2={x(tick)} y1={top} y2={bottom} stroke="var(--line)" />
            <text x={x(tick)} y={bottom + 18} textAnchor="middle">
              {tick}
            </text>
          </g>
        ))}
      {[0, 0.2, 0.4, 0.6, 0.8, 1].map((tick) => (
        <g key={tick}>
          <line x1={left} x2={right} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
          <text x={left - 8} y={y(tick) + 4} textAnchor="end">
            {percent(tick, 0)}
          </text>
        </g>
      ))}
      <text x={left - 32} y={14}>
        ↑ top-1 accuracy (%)
      </text>
      <text x={right} y={height - 6} textAnchor="end">
        epochs →
      </text>
      {[...progress.training].map(([k, points]) => (
        <polyline
          key={k}
          points={line(points)}
          fill="none"
          stroke={seriesColour(k - 1)}
          strokeWidth="1.2"
          strokeOpacity="0.75"
        />
      ))}
      {[...progress.validation].map(([k, points]) => (
        <g key={k} fill={seriesColour(k - 1)}>
          <polyline points={line(points)} fill="none" stroke={seriesColour(k - 1)} strokeWidth="2.4" />
          {points.map(({ epoch, top1 }) => (
            <circle key={epoch} cx={x(epoch)} cy={y(top1)} r="3.5" />
          ))}
        </g>
      ))}
    </svg>
  )
}

function Legend({ exits }: { readonly exits: number }) {
  if (exits === 0) return null
  return (
    <p className="mt-1 flex flex-wrap gap-x-4 text-[0.87rem] text-soft">
      {Array.from({ length: exits }, (_, i) => i + 1).map((k) => (
        <span key={k} className="inline-flex items-center gap-1.5">
          <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" className="w-3!">
            <circle cx="6" cy="6" r="4.5" fill={seriesColour(k - 1)} />
          </svg>
          exit {k}
        </span>
      ))}
      <span>thick: validation split; thin: training images of the epoch so far</span>
    </p>
  )
}

/** Of a pixel: finer can't be seen. */
const tenth = (pixels: number) => Math.round(10 * pixels) / 10
