/**
 * Puts a handler before the server function that OpenNext built: it answers the methods that Next.js can't be asked with, keeps
 * what everybody is given alike (`bin/lambda-guard.js`), and hands everything else on.
 *
 *   node scripts/guard-function.js [FOLDER]
 *
 * FOLDER holds index.mjs with `handler`, by default where OpenNext puts it.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const site = fileURLToPath(new URL('..', import.meta.url))
const [folder = join(site, '.open-next/server-functions/default')] = process.argv.slice(2)
const guard = join(folder, 'guard')

// OpenNext makes the folder anew; in one that is guarded already, index.mjs is the guard.
if (!existsSync(join(folder, 'site.mjs'))) renameSync(join(folder, 'index.mjs'), join(folder, 'site.mjs'))
mkdirSync(guard, { recursive: true })
writeFileSync(join(guard, 'package.json'), '{ "type": "module" }\n')
for (const file of ['lambda-guard.js', 'refused-methods.js']) {
  copyFileSync(join(site, 'bin', file), join(guard, file))
}
cpSync(join(site, 'bin/answers'), join(guard, 'answers'), { recursive: true })
copyFileSync(join(site, 'openapi.json'), join(guard, 'openapi.json'))
writeFileSync(
  join(folder, 'index.mjs'),
  `import { readFileSync } from 'node:fs'
import { guardFunction } from './guard/lambda-guard.js'
import { handler as site } from './site.mjs'

export const handler = guardFunction(
  site,
  JSON.parse(readFileSync(new URL('guard/openapi.json', import.meta.url), 'utf8')),
)
`,
)
