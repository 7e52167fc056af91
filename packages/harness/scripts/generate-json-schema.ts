/**
 * Writes bench-specs/spec.schema.json, or with --check says whether it is what the code would write:
 *
 *   npm run schemas
 *   npm run schemas -- --check
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../src/environment.ts'
import { formatSpecJsonSchema } from '../src/json-schema.ts'

const file = join(projectFolder(), 'bench-specs', 'spec.schema.json')
const wanted = formatSpecJsonSchema()

if (process.argv.includes('--check')) {
  let found = ''
  try {
    found = readFileSync(file, 'utf8')
  } catch {
    // A missing file is a stale one.
  }
  const isCurrent = found === wanted
  process.stdout.write(`${file} is ${isCurrent ? 'current' : 'stale: run npm run schemas'}.\n`)
  process.exitCode = isCurrent ? 0 : 1
} else {
  writeFileSync(file, wanted)
  process.stdout.write(`Wrote ${file}\n`)
}
