/** Numbers as people read them. A locale would make output differ between machines: English everywhere. */

const grouped = new Intl.NumberFormat('en-US')

/** `5400` to `5,400`. */
export function integer(value: number): string {
  return grouped.format(value)
}

/** A fraction in [0, 1] as percent: `0.8125` to `81.25 %`. */
export function percent(fraction: number, decimals = 2): string {
  return `${(100 * fraction).toFixed(decimals)} %`
}

const siSteps: readonly (readonly [number, string])[] = [
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
]

/** Three significant digits with an SI suffix: `12_345_678` to `12.3 M`, `740` to `740`. */
export function si(value: number): string {
  // Rounded first: 999,950 is 1.00 M, not 1000 k.
  const rounded = Number(value.toPrecision(3))
  const step = siSteps.find(([size]) => Math.abs(rounded) >= size)
  if (!step) return String(rounded)
  return `${(rounded / step[0]).toPrecision(3)} ${step[1]}`
}

/** Bytes in decimal units: `168_513_733` to `169 MB`. */
export function bytes(value: number): string {
  const text = si(value)
  return /[A-Za-z]$/.test(text) ? `${text}B` : `${text} B`
}

/** `95` to `1 min 35 s`; at most two units, seconds rounded up so that what is left is never 0 while it runs. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${whole % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** `plural(1, 'run')` is `1 run`, `plural(2, 'run')` is `2 runs`. */
export function plural(count: number, noun: string): string {
  return `${integer(count)} ${noun}${count === 1 ? '' : 's'}`
}
