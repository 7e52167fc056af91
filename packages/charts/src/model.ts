/** Charts as plain data: what a page sends to a browser, and what every drawing is made of. */

/**
 * A point: x, y and, where there is one, the ends of its interval. Costs in their unit, shares in [0, 1], epochs from 1.
 */
export type ChartPoint = readonly [x: number, y: number, lower?: number, upper?: number]

export interface AxisModel {
  /** Without an arrow: `MACs per image`. */
  readonly label: string
  /** What stands behind a value in a text: `MACs`. Percent signs come by themselves. */
  readonly unit?: string
  /**
   * `si`: a cost, above 0, which has a logarithmic axis unless a reader wants a linear one. `day`: days since the first of
   * January 1970, UTC.
   */
  readonly format: 'si' | 'percent' | 'whole' | 'day'
  /** @default around all points */
  readonly domain?: readonly [low: number, high: number]
}

export interface SeriesStyle {
  /** Into the palette. */
  readonly colour: number
  /** Into the shapes; hollow ones are no series of their own. */
  readonly symbol: number | 'alone' | 'published'
  /** Into the dash patterns; 0 is a solid line. */
  readonly dash?: number
}

export interface SeriesModel extends SeriesStyle {
  /** An entry's id, or a name that no other series of the chart has. */
  readonly key: string
  readonly name: string
  /** Series of one group share a line of the legend, which is called so. */
  readonly group?: string
  /** Drawn thin and grey behind the others. */
  readonly faint?: true
  /** @default 'line' */
  readonly kind?: 'line' | 'marks' | 'area'
  /** Which points have a mark. @default 'all' */
  readonly marks?: 'all' | 'last' | 'none'
  /** How intervals are drawn. @default 'bars' */
  readonly interval?: 'bars' | 'band' | 'both'
  readonly points: readonly ChartPoint[]
  /** What each point is called. @default `exit 1`, ... where the chart names its points, else nothing */
  readonly labels?: readonly string[]
  /** Size of each mark, 1 for the usual. */
  readonly sizes?: readonly number[]
  /** Said of every point: `3 seeds`. */
  readonly note?: string
}

export interface GuideModel {
  /** `steps`: level until the next point. */
  readonly kind: 'line' | 'steps'
  readonly points: readonly ChartPoint[]
}

export interface ChartModel {
  /** Begins the ids inside, and its settings in an address: unique in a page. */
  readonly id: string
  /** What the chart is, for people who can't see it. */
  readonly title: string
  /** What it shows: the figures in words, or where they stand. */
  readonly description: string
  readonly x: AxisModel
  readonly y: AxisModel & {
    /** Label of the axis that counts errors, where a reader may ask for it. */
    readonly errorLabel?: string
  }
  /** What a point is, before its number: `exit`. */
  readonly pointName?: string
  /** In the order of the legend; later ones are drawn over earlier ones. */
  readonly series: readonly SeriesModel[]
  /** Dotted lines behind the series, in no legend. */
  readonly guides?: readonly GuideModel[]
}

/** What every chart is told. */
export type ChartTexts = Pick<ChartModel, 'id' | 'title' | 'description'>

/** How a reader looks at a chart. */
export interface ChartView {
  /** Part of the x axis, in its unit. */
  readonly range?: readonly [from: number, to: number]
  /** A linear axis of costs. */
  readonly linear?: true
  /** Errors instead of accuracy. */
  readonly error?: true
  /** Without intervals. */
  readonly plain?: true
  /** Keys and groups that are hidden. */
  readonly hidden?: readonly string[]
}

/** What a line of the legend stands for. */
export function legendKey({ group, key }: Pick<SeriesModel, 'group' | 'key'>): string {
  return group ?? key
}
