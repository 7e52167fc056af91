/**
 * Simulates the statistics of the board over a grid of truths, and writes what came of it into docs/statistics.md and for
 * the site.
 *
 *   npm run study:statistics                     # what is missing, then the tables
 *   npm run study:statistics -- --shard 1/2      # one of two processes that run at once; the tables are left
 *   npm run study:statistics -- --again          # from the start
 *   npm run study:statistics -- --tables         # the tables alone
 */
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { cellSchema, cells, nameOf } from './study/cells.ts'
import { simulate } from './study/simulate.ts'
import { type CellResult, studyTables, writeTables } from './study/tables.ts'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const resultsFile = file('../study/cells.jsonl')
const tablesFile = file('../study/tables.json')
const documentFile = file('../../../docs/statistics.md')

const repetitions = { pair: 3000, unequal: 3000, table: 3000, power: 1000, 'one-seed': 3000 } as const

const outcomeSchema = z.strictObject({
  repetitions: z.int(),
  apart: z.number(),
  apartFromBaseline: z.number().optional(),
  covered: z.number().optional(),
})
const lineSchema = z.strictObject({ cell: cellSchema, outcome: outcomeSchema })

const { values } = parseArgs({
  options: {
    shard: { type: 'string', default: '1/1' },
    again: { type: 'boolean', default: false },
    tables: { type: 'boolean', default: false },
  },
})
const [shard = 1, shards = 1] = values.shard.split('/').map(Number)
if (values.again) rmSync(resultsFile, { force: true })
if (!values.tables) {
  const done = new Set(readResults().map(({ cell }) => nameOf(cell)))
  const missing = cells.filter((cell, i) => i % shards === shard - 1 && !done.has(nameOf(cell)))
  for (const [i, cell] of missing.entries()) {
    const outcome = simulate(cell, repetitions[cell.kind])
    appendFileSync(resultsFile, `${JSON.stringify({ cell, outcome })}\n`)
    process.stderr.write(`\r${i + 1} of ${missing.length} cells`)
  }
  process.stderr.write('\n')
}
if (shards === 1) {
  const found = new Map(readResults().map((result) => [nameOf(result.cell), result]))
  const results = cells.map((cell) => {
    const result = found.get(nameOf(cell))
    if (!result) throw new Error(`The cell ${nameOf(cell)} has not been simulated: run without --tables.`)
    return result
  })
  writeFileSync(resultsFile, results.map((result) => `${JSON.stringify(result)}\n`).join(''))
  const tables = studyTables(results)
  writeFileSync(tablesFile, `${JSON.stringify(tables, null, 2)}\n`)
  writeFileSync(documentFile, writeTables(readFileSync(documentFile, 'utf8'), tables))
}

/** A last line that was cut off is simulated again. */
function readResults(): CellResult[] {
  if (!existsSync(resultsFile)) return []
  return readFileSync(resultsFile, 'utf8')
    .split('\n')
    .flatMap((line) => {
      if (!line.endsWith('}')) return []
      return [lineSchema.parse(JSON.parse(line))]
    })
}
