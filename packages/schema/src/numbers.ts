/**
 * Numbers as people read them, written by one rule on pages, in charts, badges, terminals and papers. English everywhere:
 * a locale would make the output depend on the machine. A dot before decimals, a comma between thousands, a real minus.
 */

/**
 * Where a number is read. `page`: HTML and SVG with the reader's own fonts. `plain`: terminals, logs, badges and pictures,
 * whose fonts may lack a narrow space. `latex`: source of TeX.
 */
export type Medium = 'page' | 'plain' | 'latex'

/** Between a number and its unit. Those of pages and TeX are narrow and no line breaks at them. */
const unitSpaces: Readonly<Record<Medium, string>> = { page: '\u202f', plain: ' ', latex: '\\,' }

const siSteps: readonly (readonly [number, string])[] = [
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
]

const grouped = new Intl.NumberFormat('en-US')

/** `5400` to `5,400`. */
export function integer(value: number): string {
  return grouped.format(value).replace(/^-/, '−')
}

/** Always as many decimals: `decimal(0.5, 3)` is `0.500`. */
export function decimal(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals)
  return value < 0 && Number(text) !== 0 ? `−${text}` : text
}

/** A difference, with its sign: `+0.500`, `−0.500`, `0.000`. */
export function signedDecimal(value: number, decimals: number): string {
  const text = decimal(value, decimals)
  return Number(text) > 0 ? `+${text}` : text
}

/** At most as many significant digits, without zeros behind: `significant(0.5, 3)` is `0.5`. */
export function significant(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits))).replace(/^-/, '−')
}

/** For what is far below 1: `1.2e-7`. */
export function scientific(value: number): string {
  return value === 0 ? '0' : value.toExponential(1)
}

/** A share in [0, 1] as a figure in percent, without the sign: `0.8125` to `81.25`. */
export function percent(share: number, decimals = 2): string {
  return decimal(100 * share, decimals)
}

/** A share as a short figure in percent: `0.005` to `0.5`, `0.02` to `2`. */
export function shortPercent(share: number): string {
  return String(Number((100 * share).toFixed(2))).replace(/^-/, '−')
}

/** A difference of shares in points, with its sign: `-0.01` to `−1.00`. */
export function signedPercent(share: number, decimals = 2): string {
  return signedDecimal(100 * share, decimals)
}

interface Ends {
  readonly lower: number
  readonly upper: number
}

/** Ends that are shares: `[79.10, 83.20]`. */
export function intervalText({ lower, upper }: Ends, decimals = 2): string {
  return `[${percent(lower, decimals)}, ${percent(upper, decimals)}]`
}

/** Ends that are differences of shares: `[−1.10, +0.26]`. */
export function signedInterval({ lower, upper }: Ends): string {
  return `[${signedPercent(lower)}, ${signedPercent(upper)}]`
}

/** A mean of shares and its standard deviation over seeds; one seed has none: `81.25 ± 0.41`. */
export function meanText(
  { mean, sd }: { readonly mean: number; readonly sd: number | null },
  decimals = 2,
): string {
  return sd === null ? percent(mean, decimals) : `${percent(mean, decimals)} ± ${percent(sd, decimals)}`
}

/** `0.250`, `0.013`; below a thousandth `< 0.001`. */
export function pValueText(p: number): string {
  return p < 0.001 ? '< 0.001' : decimal(p, 3)
}

/** Said of a test: `p = 0.013`, `p < 0.001`. */
export function pEquationText(p: number): string {
  const text = pValueText(p)
  return text.startsWith('<') ? `p ${text}` : `p = ${text}`
}

/** `plural(2, 'entry', 'entries')` is `2 entries`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${integer(count)} ${count === 1 ? one : many}`
}

/** `seed 3`; `seeds 1, 2`. */
export function seedsText(seeds: readonly number[]): string {
  return `${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}`
}

/** How a medium writes numbers with units. */
export interface UnitTexts {
  /** A number that is text already, and its unit: `quantity('0.31', 's')`. */
  readonly quantity: (figure: string, unit: string) => string
  /** A share in [0, 1]: `0.8125` to `81.25 %`. */
  readonly percentText: (share: number, decimals?: number) => string
  /** Three significant digits and a prefix: `12_345_678` to `12.3 M`, `740` to `740`. */
  readonly si: (value: number) => string
  /** The same without zeros behind, for round numbers and ticks: `10_000_000` to `10 M`. */
  readonly shortSi: (value: number) => string
  /** Decimal units: `168_513_733` to `169 MB`. */
  readonly bytes: (value: number) => string
  /** `95` to `1 min 35 s`: at most two units, rounded up, so that what is left is never 0 while it runs. */
  readonly duration: (seconds: number) => string
}

/** @example `const { si, percentText } = numbersIn('plain')` */
export function numbersIn(medium: Medium): UnitTexts {
  const space = unitSpaces[medium]
  const quantity = (figure: string, unit: string) => `${figure}${space}${unit}`
  const prefixed = (value: number, write: (value: number) => string) => {
    // Rounded first: 999,950 is 1.00 M, not 1000 k.
    const rounded = Number(value.toPrecision(3))
    const step = siSteps.find(([size]) => Math.abs(rounded) >= size)
    return step
      ? { figure: write(rounded / step[0]), prefix: step[1] }
      : { figure: String(rounded), prefix: '' }
  }
  const joined = ({ figure, prefix }: ReturnType<typeof prefixed>) =>
    prefix === '' ? figure : quantity(figure, prefix)
  const threeDigits = (value: number) => value.toPrecision(3)
  return {
    quantity,
    percentText: (share, decimals) => quantity(percent(share, decimals), medium === 'latex' ? '\\%' : '%'),
    si: (value) => joined(prefixed(value, threeDigits)),
    shortSi: (value) => joined(prefixed(value, (scaled) => significant(scaled, 3))),
    bytes: (value) => {
      const { figure, prefix } = prefixed(value, threeDigits)
      return quantity(figure, `${prefix}B`)
    },
    duration: (seconds) =>
      durationParts(Math.ceil(seconds))
        .map(([count, unit]) => quantity(String(count), unit))
        .join(' '),
  }
}

function durationParts(whole: number): (readonly [count: number, unit: string])[] {
  if (whole < 60) return [[whole, 's']]
  const minutes = Math.floor(whole / 60)
  if (minutes < 60)
    return [
      [minutes, 'min'],
      [whole % 60, 's'],
    ]
  const hours = Math.floor(minutes / 60)
  if (hours < 48)
    return [
      [hours, 'h'],
      [minutes % 60, 'min'],
    ]
  return [
    [Math.floor(hours / 24), 'd'],
    [hours % 24, 'h'],
  ]
}
