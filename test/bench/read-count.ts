import { BenchError } from '@mate-bench/schema'

/**
 * A positive whole number from the command line.
 *
 * @throws BenchError `bad-input`
 */
export function readCount(name: string, text: string, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value
  throw new BenchError({
    code: 'bad-input',
    message: `Expected a whole number from 1 to ${most}, found "${text}".`,
    path: `--${name}`,
    hint: 'Add --help to see what there is.',
  })
}
