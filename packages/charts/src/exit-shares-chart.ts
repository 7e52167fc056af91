import type { ChartModel, ChartPoint, ChartTexts } from './model.ts'

/** Where images leave at one average cost. */
export interface ExitSharesPoint {
  readonly averageMacs: number
  /** [K], sums to 1. */
  readonly shares: readonly number[]
}

/** Which share of the images leaves at each exit, stacked, against the average cost of an image. */
export function exitSharesChart(
  points: readonly ExitSharesPoint[],
  { id, title, description }: ChartTexts,
): ChartModel {
  const ordered = [...points].sort((a, b) => a.averageMacs - b.averageMacs)
  const exits = ordered[0]?.shares.length ?? 0
  const below = (shares: readonly number[], k: number) =>
    shares.slice(0, k).reduce((sum, share) => sum + share, 0)
  return {
    ...{ id, title, description },
    x: {
      ...{ label: 'average MACs per image', unit: 'MACs', format: 'si' },
      domain: [ordered[0]?.averageMacs ?? 1, ordered.at(-1)?.averageMacs ?? 10],
    },
    y: {
      label: 'images that leave at the exit (%)',
      unit: 'of the images',
      format: 'percent',
      domain: [0, 1],
    },
    series: Array.from({ length: exits }, (_, k) => ({
      ...{ key: `exit ${k + 1}`, name: `exit ${k + 1}`, colour: k, symbol: k, kind: 'area' as const },
      points: ordered.map(
        ({ averageMacs, shares }): ChartPoint => [
          averageMacs,
          shares[k] ?? 0,
          below(shares, k),
          below(shares, k + 1),
        ],
      ),
    })),
  }
}
