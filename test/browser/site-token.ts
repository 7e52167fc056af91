import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the site under test leaves a token of scope `submit` and `approve`; among results, which git ignores. */
export const siteTokenFile = join(
  fileURLToPath(new URL('../..', import.meta.url)),
  'test-results/site-token/token.json',
)
