import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { accuracyChart, type EntrySeries } from './accuracy-chart.ts'
import { bestOverTimeChart } from './best-over-time-chart.ts'
import { budgetedChart } from './budgeted-chart.ts'
import { chartFile } from './chart-file.ts'
import { chartMarkup } from './chart-markup.ts'
import { exitSharesChart } from './exit-shares-chart.ts'
import { frontiersChart } from './frontiers-chart.ts'
import { learningChart } from './learning-chart.ts'
import type { ChartView } from './model.ts'
import { reliabilityChart } from './reliability-chart.ts'

/** Snapshots are pictures: look at the SVG files beside this one when they change. */

const texts = { id: 'chart', title: 'A title', description: 'A description' }

function entry(name: string, macs: readonly number[], start: number, method = name): EntrySeries {
  return {
    ...{ id: `ent_${name}`, name, method, seeds: 3 },
    exits: macs.map((cost, i) => {
      const top1 = start + 0.04 * i
      return { k: i + 1, macs: cost, top1, lower: top1 - 0.02, upper: top1 + 0.015 }
    }),
  }
}

const entries = [
  entry('mate', [2.1e6, 3.4e6, 4.6e6], 0.76),
  entry('joint', [2.1e6, 3.4e6, 4.6e6], 0.74),
  entry('wide <joint> & "more"', [8.2e6, 13e6, 18e6], 0.79, 'joint'),
]

const mark = (name: string, k: number, macs: number, top1: number) => ({ name, k, macs, top1 })

const curve = (name: string, height: number) => ({
  name,
  points: Array.from({ length: 12 }, (_, i) => {
    const top1 = height * (1 - 0.7 * Math.exp(-i / 3))
    return { epoch: i + 1, top1, lowest: top1 - 0.01, highest: top1 + 0.02 }
  }),
})

const reliability = (name: string, slope: number) => ({
  name,
  bins: Array.from({ length: 15 }, (_, i) => ({
    lower: i / 15,
    upper: (i + 1) / 15,
    count: i < 3 ? 0 : i * i,
    meanConfidence: i < 3 ? null : (i + 0.5) / 15,
    accuracy: i < 3 ? null : Math.min(1, (slope * (i + 0.5)) / 15),
  })),
})

const models = {
  'accuracy-with-networks-trained-alone': accuracyChart(
    [
      ...entries,
      entry('alone 1', [2.1e6], 0.75),
      entry('alone 2', [3.4e6], 0.78),
      entry('alone 3', [18e6], 0.84),
    ],
    texts,
  ),
  'accuracy-against-macs': accuracyChart(entries, texts),
  'accuracy-against-flops': accuracyChart(entries, { ...texts, unit: 'flops' }),
  'accuracy-with-all-else': accuracyChart(entries, {
    ...texts,
    frontier: [
      { macs: 2.1e6, top1: 0.76 },
      { macs: 3.4e6, top1: 0.8 },
      { macs: 18e6, top1: 0.87 },
    ],
    published: [{ label: 'A paper <2019>', macs: 30e6, top1: 0.7 }],
    faint: [entry('a faint one', [2.5e6, 4e6, 6e6], 0.7)],
    others: [
      { macs: 5e6, top1: 0.72 },
      { macs: 9e6, top1: 0.75 },
    ],
  }),
  'budgeted-curve': budgetedChart(
    [1, 2].map((seed) => ({
      name: `seed ${seed}`,
      points: [2.1e6, 2.6e6, 3.3e6, 4.4e6].map((averageMacs, i) => ({
        averageMacs,
        accuracy: 0.7 + 0.04 * i + 0.01 * seed,
      })),
    })),
    {
      name: 'exits alone',
      points: [2.1e6, 3.4e6, 4.6e6].map((averageMacs, i) => ({ averageMacs, accuracy: 0.7 + 0.05 * i })),
    },
    texts,
  ),
  'exit-shares': exitSharesChart(
    [
      { averageMacs: 4.4e6, shares: [0.05, 0.15, 0.8] },
      { averageMacs: 2.2e6, shares: [0.9, 0.08, 0.02] },
      { averageMacs: 3.1e6, shares: [0.4, 0.4, 0.2] },
    ],
    texts,
  ),
  'frontiers-of-two-days': frontiersChart(
    [
      { name: 'end of 2026-01-01', points: [mark('joint', 1, 2e6, 0.7), mark('mate', 3, 8e6, 0.76)] },
      { name: 'today', points: [mark('mate', 2, 2e6, 0.72), mark('wide', 1, 20e6, 0.8)] },
    ],
    texts,
  ),
  'best-over-time': bestOverTimeChart(
    [
      {
        name: 'up to 1 M MACs',
        points: [
          { date: '2026-01-01', top1: 0.7, name: 'joint' },
          { date: '2026-01-05', top1: 0.74, name: 'mate' },
        ],
      },
      { name: 'up to 10 M MACs', points: [{ date: '2026-01-03', top1: 0.8, name: 'wide' }] },
    ],
    { ...texts, until: '2026-01-09' },
  ),
  'learning-curves': learningChart([curve('exit 1', 0.75), curve('exit 2', 0.82)], {
    ...texts,
    split: 'validation',
  }),
  'reliability-diagram': reliabilityChart([reliability('exit 1', 0.9), reliability('exit 2', 0.8)], texts),
}

describe.each(Object.entries(models))('%s', (name, model) => {
  it('looks as it did, as a file', async () => {
    await expect(chartFile(model)).toMatchFileSnapshot(`__snapshots__/${name}.svg`)
  })

  it.each([
    ['page', chartMarkup(model)],
    ['file', chartFile(model)],
  ])('is one labelled image to a screen reader, in a %s', (_, markup) => {
    const { document } = parseHTML(`<body>${markup}</body>`)
    const images = document.querySelectorAll('svg[role="img"]')
    expect(images).toHaveLength(1)
    const [svg] = images
    expect(document.getElementById(svg?.getAttribute('aria-labelledby') ?? '')?.textContent).toBe('A title')
    expect(document.getElementById(svg?.getAttribute('aria-describedby') ?? '')?.textContent).toBe(
      'A description',
    )
  })

  it('holds in a page no colour that only suits one theme, and nowhere a number that is not one', () => {
    for (const view of [{}, { linear: true }, { error: true }, { plain: true }] satisfies ChartView[]) {
      const markup = chartMarkup(model, view)
      expect(markup).not.toMatch(/NaN|Infinity|undefined/)
      expect(markup).not.toMatch(/(?:fill|stroke)="(?:black|white|#[0-9a-f]{3,6})"/)
    }
    expect(chartFile(model, { width: 380 })).not.toMatch(/NaN|Infinity|undefined|var\(|%"/)
  })
})

/** Places of the marks of a series, in percent of the frame. */
function marks(name: string, view: ChartView = {}, model = models['accuracy-against-macs']) {
  const { document } = parseHTML(`<body>${chartMarkup(model, view)}</body>`)
  const group = [...document.querySelectorAll('[data-key]')].find(
    (element) => element.getAttribute('data-key') === `ent_${name}`,
  )
  return [...(group?.querySelectorAll('use') ?? [])].map((mark) =>
    ['x', 'y'].map((axis) => Number.parseFloat(mark.getAttribute(axis) ?? '')),
  )
}

describe('a chart of accuracy', () => {
  it('has a mark for every exit and a name for every entry', () => {
    const { document } = parseHTML(`<body>${chartMarkup(models['accuracy-against-macs'])}</body>`)
    expect(document.querySelectorAll('use')).toHaveLength(9)
    const legend = [...document.querySelectorAll('.chart-legend li')].map((item) => item.textContent)
    expect(legend).toEqual(entries.map(({ name }) => name))
  })

  it('sets costs that are as many times as dear equally far apart, and on a linear axis by their difference', () => {
    const model = accuracyChart([entry('a', [1e6, 1e7, 1e8], 0.5)], texts)
    const [a, b, c] = marks('a', {}, model).map(([x]) => x ?? Number.NaN)
    expect((b ?? 0) - (a ?? 0)).toBeCloseTo((c ?? 0) - (b ?? 0), 1)
    const [d, e, f] = marks('a', { linear: true }, model).map(([x]) => x ?? Number.NaN)
    expect(((f ?? 0) - (e ?? 0)) / ((e ?? 0) - (d ?? 0))).toBeCloseTo(10, 0)
  })

  it('turns upside down where errors are asked for', () => {
    const accuracy = marks('mate').map(([, y]) => y ?? Number.NaN)
    const error = marks('mate', { error: true }).map(([, y]) => y ?? Number.NaN)
    expect(accuracy.every((y, i) => Math.abs(y + (error[i] ?? 0) - 100) < 0.02)).toBe(true)
  })

  it('shows of a range what is in it, from bottom to top', () => {
    expect(marks('mate', { range: [3e6, 4e6] })).toHaveLength(1)
    expect(marks('wide <joint> & "more"', { range: [3e6, 4e6] })).toHaveLength(0)
    const high = marks('joint', { range: [3e6, 4e6] })[0]?.[1] ?? Number.NaN
    expect(high).toBeGreaterThan(0)
    expect(high).toBeLessThan(100)
  })

  it('leaves out what is hidden without moving the rest', () => {
    expect(marks('joint', { hidden: ['ent_joint'] })).toEqual([])
    expect(marks('mate', { hidden: ['ent_joint'] })).toEqual(marks('mate'))
  })

  it('draws entries of one exit as hollow marks under one name', () => {
    const { document } = parseHTML(
      `<body>${chartMarkup(models['accuracy-with-networks-trained-alone'])}</body>`,
    )
    const legend = [...document.querySelectorAll('.chart-legend li')].map((item) => item.textContent)
    expect(legend).toEqual([...entries.map(({ name }) => name), 'trained alone'])
    expect(document.querySelectorAll('use[href="#chart-alone"]')).toHaveLength(3)
  })

  it('keeps its frontier from one end of the points to the edge of the frame', () => {
    const { document } = parseHTML(`<body>${chartMarkup(models['accuracy-with-all-else'])}</body>`)
    const dotted = document.querySelector('path[stroke-width="1.25"]')?.getAttribute('d') ?? ''
    const corners = [...dotted.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map((match) =>
      [match[1], match[2]].map(Number),
    )
    // Three points, a corner before the second and the third, and the way to the edge.
    expect(corners).toHaveLength(6)
    expect(corners.at(-1)?.[0]).toBe(1000)
    for (const [i, [x = 0, y = 0]] of corners.slice(1).entries()) {
      const [beforeX, beforeY] = corners[i] ?? []
      expect(x === beforeX || y === beforeY).toBe(true)
    }
  })
})
