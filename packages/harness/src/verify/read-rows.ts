import { BenchError, decodeUtf8, parseJson, problemsFromIssues } from '@mate-bench/schema'
import type { z } from 'zod'

/** More than any run has epochs and events. */
const maximumRows = 100_000

const rowLimits = { maximumBytes: 1_000_000, maximumDepth: 16 }

export interface Rows<T> {
  readonly rows: readonly T[]
  /** Lines that are no JSON. */
  readonly torn: number
}

/**
 * The rows of a `.jsonl` file, each on a line that ends: a file that was cut off shows.
 *
 * @param tornAtMost lines that may be no JSON: a machine that lost its power may leave part of one each time
 * @throws BenchError `bad-input` that names the line
 */
export function readRows<S extends z.ZodType>(
  bytes: Uint8Array,
  source: string,
  schema: S,
  tornAtMost = 0,
): Rows<z.output<S>> {
  const lines = decodeUtf8(bytes, source, { keepMark: true }).split('\n')
  const refuse = (message: string) => new BenchError({ code: 'bad-input', message, path: source })
  if (lines.pop() !== '') throw refuse(`${source} does not end with the end of a line`)
  if (lines.length > maximumRows) throw refuse(`${source} has ${lines.length} lines, more than are read`)
  let torn = 0
  const rows = lines.flatMap((line, i) => {
    const where = `${source} line ${i + 1}`
    let row: unknown
    try {
      row = parseJson(line, where, rowLimits)
    } catch (thrown) {
      if (++torn > tornAtMost) throw thrown
      return []
    }
    const parsed = schema.safeParse(row)
    if (parsed.success) return [parsed.data]
    throw new BenchError({
      code: 'bad-input',
      message: `${where} is not as the harness writes it.`,
      path: source,
      problems: problemsFromIssues(parsed.error.issues, schema, row).slice(0, 3),
    })
  })
  return { rows, torn }
}
