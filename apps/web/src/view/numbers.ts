import { numbersIn } from '@mate-bench/schema/numbers'

/** Numbers as the site writes them: the project's rules, for pages. */
export * from '@mate-bench/schema/numbers'
export const { bytes, duration, percentText, quantity, shortSi, si } = numbersIn('page')

/** How a unit of cost is written. */
export function unitName(unit: 'macs' | 'flops'): string {
  return unit === 'flops' ? 'FLOPs' : 'MACs'
}

/** `2026-11-22 23:04 UTC`. */
export function dateTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}

/** The first eight digits of a digest. */
export function shortDigest(digest: string): string {
  return digest.replace('sha256:', '').slice(0, 8)
}
