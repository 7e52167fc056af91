import { getLauncher } from '../data/launcher.ts'
import { reportFault } from '../data/report-fault.ts'
import { getSigningKey } from '../data/signing-key.ts'
import { configuredUrl } from '../data/site-url.ts'
import { getArtifacts, getStore } from '../data/store.ts'
import { type ApiApp, newApiApp } from './api-app.ts'
import { createApi } from './create-api.ts'
import { limitsFromEnvironment, trustedProxyFromEnvironment } from './limits.ts'
import { problemResponse } from './problem-response.ts'

/**
 * The API of the running site: its database, its artifacts, its environment. With settings that make no sense every
 * address, `/health` too, answers that the server is set up wrongly, and its log says how.
 */
export function serverApi(): ApiApp {
  try {
    return createApi({
      db: async () => (await getStore()).db,
      artifacts: getArtifacts,
      launcher: getLauncher(),
      signingKey: getSigningKey,
      siteHost: configuredUrl()?.host,
      clock: () => new Date(),
      limits: limitsFromEnvironment(),
      trustedProxy: trustedProxyFromEnvironment(),
      onError: reportFault,
    })
  } catch (thrown) {
    reportFault(thrown)
    const app = newApiApp()
    app.all('*', () =>
      problemResponse({ code: 'internal', detail: 'The server is set up wrongly; its log says how.' }),
    )
    return app
  }
}
