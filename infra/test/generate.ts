import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatedFiles } from './generated.ts'
import { root, synthesise } from './synth.ts'

// `npm run infra:generate [-- --check]`
const check = process.argv.includes('--check')
const stale: string[] = []
for (const [file, text] of Object.entries(generatedFiles(await synthesise('production')))) {
  const path = join(root, file)
  if (!check) writeFileSync(path, text)
  else if (readFileSync(path, 'utf8') !== text) stale.push(file)
}
if (stale.length > 0) {
  console.error(`not current: ${stale.join(', ')}. Run npm run infra:generate.`)
  process.exitCode = 1
}
process.exit()
