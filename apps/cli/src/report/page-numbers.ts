import { numbersIn } from '@mate-bench/schema/numbers'

/** Numbers as the pages that the command line writes have them, by the same rules as the site's. */
export * from '@mate-bench/schema/numbers'
export const { bytes, duration, percentText, si } = numbersIn('page')
