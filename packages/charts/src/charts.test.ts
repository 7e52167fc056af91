import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { accuracyAgainstMacs, type EntrySeries } from './accuracy-against-macs.ts'
import { budgetedCurve } from './budgeted-curve.ts'
import { exitShares } from './exit-shares.ts'
import { learningCurves } from './learning-curves.ts'
import { reliabilityDiagram } from './reliability-diagram.ts'

/** Snapshots are pictures: look at the SVG files beside this one when they change. */

const texts = { id: 'chart', title: 'A title', description: 'A description' }

function entry(name: string, macs: readonly number[], start: number): EntrySeries {
  return {
    name,
    exits: macs.map((cost, i) => {
      const top1 = start + 0.04 * i
      return { k: i + 1, macs: cost, top1, lower: top1 - 0.02, upper: top1 + 0.015 }
    }),
  }
}

const entries = [
  entry('mate', [2.1e6, 3.4e6, 4.6e6], 0.76),
  entry('joint', [2.1e6, 3.4e6, 4.6e6], 0.74),
  entry('wide <joint> & "more"', [8.2e6, 13e6, 18e6], 0.79),
]

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

const charts = {
  'accuracy-with-networks-trained-alone': () =>
    accuracyAgainstMacs(
      [
        ...entries,
        entry('alone 1', [2.1e6], 0.75),
        entry('alone 2', [3.4e6], 0.78),
        entry('alone 3', [18e6], 0.84),
      ],
      texts,
    ),
  'accuracy-against-macs': () => accuracyAgainstMacs(entries, texts),
  'accuracy-against-flops-narrow': () =>
    accuracyAgainstMacs(entries, { ...texts, unit: 'flops', width: 380 }),
  'accuracy-with-frontier-and-published': () =>
    accuracyAgainstMacs(entries, {
      ...texts,
      frontier: [
        { macs: 2.1e6, top1: 0.76 },
        { macs: 3.4e6, top1: 0.8 },
        { macs: 18e6, top1: 0.87 },
      ],
      published: [{ label: 'A paper <2019>', macs: 30e6, top1: 0.7 }],
    }),
  'budgeted-curve': () =>
    budgetedCurve(
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
      { ...texts, width: 480 },
    ),
  'exit-shares': () =>
    exitShares(
      [
        { averageMacs: 4.4e6, shares: [0.05, 0.15, 0.8] },
        { averageMacs: 2.2e6, shares: [0.9, 0.08, 0.02] },
        { averageMacs: 3.1e6, shares: [0.4, 0.4, 0.2] },
      ],
      { ...texts, width: 480 },
    ),
  'learning-curves': () =>
    learningCurves([curve('exit 1', 0.75), curve('exit 2', 0.82)], {
      ...texts,
      width: 480,
      split: 'validation',
    }),
  'reliability-diagram': () =>
    reliabilityDiagram([reliability('exit 1', 0.9), reliability('exit 2', 0.8)], { ...texts, width: 430 }),
}

describe.each(Object.entries(charts))('%s', (name, draw) => {
  it('looks as it did', async () => {
    await expect(`${draw()}\n`).toMatchFileSnapshot(`__snapshots__/${name}.svg`)
  })

  it('is the same bytes each time', () => {
    expect(draw()).toBe(draw())
  })

  it('is one labelled image to a screen reader', () => {
    const { document } = parseHTML(`<body>${draw()}</body>`)
    const svg = document.querySelector('svg')
    expect(svg?.getAttribute('role')).toBe('img')
    expect(document.getElementById(svg?.getAttribute('aria-labelledby') ?? '')?.textContent).toBe('A title')
    expect(document.getElementById(svg?.getAttribute('aria-describedby') ?? '')?.textContent).toBe(
      'A description',
    )
    expect(svg?.querySelectorAll('g[aria-label], g[aria-description]')).toHaveLength(0)
  })

  it('holds no colour that only suits one theme, and no number that is not one', () => {
    const svg = draw()
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
    expect(svg).not.toMatch(/(?:fill|stroke)="(?:black|white|#[0-9a-f]{3,6})"/)
  })
})

describe('accuracyAgainstMacs', () => {
  const svgOf = (options = {}) =>
    parseHTML(`<body>${accuracyAgainstMacs(entries, { ...texts, ...options })}</body>`).document

  it('has a mark for every exit and a name for every entry', () => {
    const titles = [...svgOf().querySelectorAll('path > title, circle > title')].map(
      (title) => title.textContent,
    )
    expect(titles).toHaveLength(9)
    const legend = [...svgOf().querySelectorAll('.legend text')].map((text) => text.textContent)
    expect(legend).toEqual(entries.map(({ name }) => name))
  })

  it('counts FLOPs as twice the MACs', () => {
    expect(accuracyAgainstMacs(entries, texts)).toContain('at 2.1M MACs')
    expect(accuracyAgainstMacs(entries, { ...texts, unit: 'flops' })).toContain('at 4.2M FLOPs')
  })

  it('sets entries of equal cost side by side, and only these', () => {
    const offsets = [...svgOf().querySelectorAll('path > title')].map((title) => {
      const transform = title.parentElement?.parentElement?.getAttribute('transform') ?? ''
      return Number(/translate\((-?[\d.]+)/.exec(transform)?.[1] ?? 0)
    })
    const [mate = Number.NaN, joint = Number.NaN, wide = Number.NaN] = [offsets[0], offsets[3], offsets[6]]
    expect(joint - mate).toBeCloseTo(7, 6)
    expect((mate + joint) / 2).toBeCloseTo(wide, 6)
  })
})

it('draws entries of one exit as hollow marks under one name, and the others as without them', () => {
  const draw = (series: readonly EntrySeries[]) =>
    parseHTML(accuracyAgainstMacs(series, texts)).document.documentElement
  const svg = draw([entry('alone', [2.1e6], 0.7), ...entries, entry('also alone', [9e6], 0.72)])
  const legend = [...svg.querySelectorAll('.legend text')].map(({ textContent }) => textContent)
  expect(legend).toEqual([...entries.map(({ name }) => name), 'trained alone'])
  const titles = [...svg.querySelectorAll('title')].map(({ textContent }) => textContent ?? '')
  expect(titles.filter((title) => title.includes(', trained alone\n'))).toHaveLength(2)
  expect([...draw(entries).querySelectorAll('.legend text')]).toHaveLength(entries.length)
})
