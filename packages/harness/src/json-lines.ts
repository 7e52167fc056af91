import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs'
import { storageError } from './atomic-file.ts'

/**
 * Adds a value to a `.jsonl` file.
 * @throws BenchError `storage`
 */
export function appendJsonLine(path: string, value: unknown): void {
  try {
    appendFileSync(path, `${JSON.stringify(value)}\n`)
  } catch (thrown) {
    throw storageError(path, thrown)
  }
}

/** Rows of a `.jsonl` file; none where there is no file. A last line that was cut off is left out. */
export function readJsonLines(path: string): unknown[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as unknown]
    } catch {
      return []
    }
  })
}

/**
 * Takes away a last line that was cut off, so that what is appended next begins a line.
 * @throws BenchError `storage`
 */
export function dropTornLine(path: string): void {
  try {
    if (!existsSync(path)) return
    const bytes = readFileSync(path)
    const end = bytes.lastIndexOf(0x0a) + 1
    if (end < bytes.length) truncateSync(path, end)
  } catch (thrown) {
    throw storageError(path, thrown)
  }
}
