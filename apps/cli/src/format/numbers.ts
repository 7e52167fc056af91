import { numbersIn } from '@mate-bench/schema/numbers'

/** Numbers as the command line writes them: the project's rules, for terminals. */
export * from '@mate-bench/schema/numbers'
export const { bytes, duration, percentText, quantity, si } = numbersIn('plain')
