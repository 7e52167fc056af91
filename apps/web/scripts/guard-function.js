/**
 * Puts a handler before the server function that OpenNext built: it answers the methods that Next.js can't be asked with, and
 * hands everything else on.
 *
 *   node scripts/guard-function.js [FOLDER]
 *
 * FOLDER holds index.mjs with `handler`, by default where OpenNext puts it.
 */
import { copyFileSync, existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const site = fileURLToPath(new URL('..', import.meta.url))
const [folder = join(site, '.open-next/server-functions/default')] = process.argv.slice(2)

// OpenNext makes the folder anew; in one that is guarded already, index.mjs is the guard.
if (!existsSync(join(folder, 'site.mjs'))) renameSync(join(folder, 'index.mjs'), join(folder, 'site.mjs'))
copyFileSync(join(site, 'bin/refused-methods.js'), join(folder, 'refused-methods.mjs'))
copyFileSync(join(site, 'openapi.json'), join(folder, 'openapi.json'))
writeFileSync(
  join(folder, 'index.mjs'),
  `import { readFileSync } from 'node:fs'
import { methodRefusals } from './refused-methods.mjs'
import { handler as site } from './site.mjs'

const refusalOf = methodRefusals(JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8')))

export async function handler(event, context) {
  // What keeps functions warm is no request.
  const method = event.requestContext?.http?.method
  const refusal = method && refusalOf(method, event.rawPath)
  if (!refusal) return await site(event, context)
  const { status, headers, body } = refusal
  return { statusCode: status, headers, body, isBase64Encoded: false }
}
`,
)
