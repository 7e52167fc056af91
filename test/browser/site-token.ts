import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** Where the site under test leaves a token of scope `submit` and `approve`; among results, which git ignores. */
export const siteTokenFile = join(
  fileURLToPath(new URL('../..', import.meta.url)),
  'test-results/site-token/token.json',
)

/** The same, of the site with the cloud behind it. */
export const cloudTokenFile = join(dirname(siteTokenFile), '../cloud-token/token.json')

/** What the site under test left: its token, and where a worker finds its database and files. */
export function siteAccess() {
  const schema = z.object({ token: z.string(), environment: z.record(z.string(), z.string()) })
  return schema.parse(JSON.parse(readFileSync(siteTokenFile, 'utf8')))
}
