/** Numbers as people read them; English everywhere, so that a page is the same on every server. */

/** Between a number and its suffix or percent sign: narrow, and no line breaks at it. */
export const narrowSpace = '\u202f'

const grouped = new Intl.NumberFormat('en-US')

/** `5400` to `5,400`. */
export function integer(value: number): string {
  return grouped.format(value)
}

/** A share in [0, 1] as a figure in percent, without the sign: `0.8125` to `81.25`. */
export function percent(share: number, decimals = 2): string {
  return (100 * share).toFixed(decimals)
}

/** A share in [0, 1] as text: `0.8125` to `81.25 %`. */
export function percentText(share: number, decimals = 2): string {
  return `${percent(share, decimals)}${narrowSpace}%`
}

/** With its sign, and a real minus: `-0.01` to `−1.00`. */
export function signedPercent(share: number, decimals = 2): string {
  const text = percent(Math.abs(share), decimals)
  if (Number(text) === 0) return text
  return `${share < 0 ? '−' : '+'}${text}`
}

const steps = [
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/** Three significant digits with an SI suffix: `12345678` to `12.3 M`. */
export function si(value: number): string {
  const rounded = Number(value.toPrecision(3))
  const step = steps.find(([size]) => Math.abs(rounded) >= size)
  return step ? `${(rounded / step[0]).toPrecision(3)}${narrowSpace}${step[1]}` : String(rounded)
}

/** Decimal units: `168513733` to `169 MB`. */
export function bytes(value: number): string {
  const text = si(value)
  return /[A-Z]$/i.test(text) ? `${text}B` : `${text}${narrowSpace}B`
}

/** Of a round budget: `10000000` to `10 M`. */
export function budgetText(budget: number): string {
  return si(budget).replace(/\.0+(?=\u202f)/, '')
}

/** How a unit of cost is written. */
export function unitName(unit: 'macs' | 'flops'): string {
  return unit === 'flops' ? 'FLOPs' : 'MACs'
}

/** `95` to `1 min 35 s`; at most two units. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${whole % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** `plural(2, 'entry', 'entries')` is `2 entries`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${integer(count)} ${count === 1 ? one : many}`
}

/** `seed 3`; `seeds 1, 2`. */
export function seedsText(seeds: readonly number[]): string {
  return `${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}`
}

/** `0.25`, `0.013`; below a thousandth `< 0.001`. */
export function pValueText(p: number): string {
  return p < 0.001 ? '< 0.001' : String(Number(p.toFixed(3)))
}

/** `[79.10, 83.20]`, ends in percent. */
export function intervalText({ lower, upper }: { readonly lower: number; readonly upper: number }): string {
  return `[${percent(lower)}, ${percent(upper)}]`
}

/** `2026-11-22 23:04 UTC`. */
export function dateTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}

/** The first eight digits of a digest. */
export function shortDigest(digest: string): string {
  return digest.replace('sha256:', '').slice(0, 8)
}
