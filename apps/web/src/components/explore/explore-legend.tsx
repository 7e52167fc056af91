import { type ChartLine, exitColour, strokes } from './explore-chart.tsx'

interface ExploreLegendProps {
  readonly lines: readonly ChartLine[]
  readonly seed: number
  readonly hasOthers: boolean
}

/** What each line and mark of the chart is. */
export function ExploreLegend({ lines, seed, hasOthers }: ExploreLegendProps) {
  const dot = 'var(--accent)'
  return (
    <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-[0.87rem] text-soft">
      {lines.map(({ name, colour, look }) => (
        <Item key={name} name={name}>
          <line x1="0" x2="22" y1="7" y2="7" stroke={colour} {...strokes[look]} />
        </Item>
      ))}
      <Item name="all images at one exit">
        <rect x="6" y="2" width="10" height="10" fill={exitColour} />
      </Item>
      <Item name={`this setting, seed ${seed}`}>
        <circle cx="11" cy="7" r="6" fill={dot} />
      </Item>
      {hasOthers ? (
        <Item name="this goal, each other seed">
          <circle cx="11" cy="7" r="4" fill="none" stroke={dot} strokeWidth="2" />
        </Item>
      ) : null}
    </ul>
  )
}

function Item({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <li className="flex items-center gap-1.5">
      <svg width="22" height="14" viewBox="0 0 22 14" aria-hidden="true">
        {children}
      </svg>
      {name}
    </li>
  )
}
