import { describe, expect, it } from 'vitest'
import { type DifferenceRow, differenceChart } from './difference-chart.ts'

const options = {
  id: 'study',
  title: 'Against <joint>',
  description: 'Figures below.',
  panels: ['exit 1', 'exit 2'],
  label: 'points',
}
const rows: readonly DifferenceRow[] = [
  { name: 'a&b', cells: [{ difference: 0.01, lower: 0.005, upper: 0.015, apart: true }, null] },
  {
    name: 'mate',
    highlighted: true,
    cells: [null, { difference: -0.02, lower: -0.2, upper: 0.16, apart: false }],
  },
]

describe('differenceChart', () => {
  it('draws a row an entry and a mark where there is a difference', () => {
    const svg = differenceChart(rows, options)
    expect(svg.match(/<circle /g)).toHaveLength(2)
    expect(svg).toContain('a&amp;b')
    expect(svg).toContain('Against &lt;joint&gt;')
    // Both panels have a line at zero.
    expect(svg.match(/stroke-opacity="\.55"/g)).toHaveLength(2)
  })

  it('fills what is significant, and leaves the rest hollow', () => {
    const svg = differenceChart(rows, { ...options, file: true })
    const fills = [...svg.matchAll(/<circle [^>]*fill="([^"]+)"/g)].map(([, fill]) => fill)
    expect(fills).toEqual(['#0072b2', '#ffffff'])
  })

  it('cuts an interval that would leave the panel', () => {
    const svg = differenceChart(rows, { ...options, file: true })
    const width = Number(/width="(\d+)"/.exec(svg)?.[1])
    const ends = [...svg.matchAll(/<path d="M([\d.]+) [\d.]+H([\d.]+)"/g)].flatMap(([, from, to]) => [
      Number(from),
      Number(to),
    ])
    expect(ends).toHaveLength(4)
    for (const end of ends) expect(end).toBeGreaterThan(180 - 1)
    for (const end of ends) expect(end).toBeLessThan(width)
  })
})
