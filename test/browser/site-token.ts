import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the site under test leaves a token of scope `submit` and `approve`; among results, which git ignores. */
export const siteTokenFile = join(
  fileURLToPath(new URL('../..', import.meta.url)),
  'test-results/site-token/token.json',
)

/** The same, of the site with the cloud behind it. */
export const cloudTokenFile = join(dirname(siteTokenFile), '../cloud-token/token.json')
