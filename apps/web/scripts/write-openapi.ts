import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { describedApi } from '../src/api/described-api.ts'

/** Writes openapi.json from the routes; with `--check` says whether it is current. */
const path = fileURLToPath(new URL('../openapi.json', import.meta.url))
const document: unknown = JSON.parse(JSON.stringify(describedApi()))

if (process.argv.includes('--check')) {
  if (isDeepStrictEqual(JSON.parse(readFileSync(path, 'utf8')), document)) {
    console.log('apps/web/openapi.json is current.')
  } else {
    console.error('apps/web/openapi.json is not what the routes say: run `npm run openapi`.')
    process.exitCode = 1
  }
} else {
  writeFileSync(path, JSON.stringify(document, null, 2))
  const biome = fileURLToPath(new URL('../../../node_modules/@biomejs/biome/bin/biome', import.meta.url))
  const { status } = spawnSync(process.execPath, [biome, 'format', '--write', path], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  process.exitCode = status ?? 1
}
