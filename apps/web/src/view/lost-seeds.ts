import { seedsText } from './numbers.ts'

/** What a page says where the files of some seeds cannot be read: which, and which seeds are drawn. */
export function lostSeedsText(lost: readonly number[], drawn: readonly number[]): string {
  const rest =
    drawn.length > 0
      ? `Curves and classes show only ${seedsText(drawn)}.`
      : 'The charts that need them are left out.'
  return `The files of ${seedsText(lost)} cannot be read at the moment. ${rest}`
}
