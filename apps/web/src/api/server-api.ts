import { getLauncher } from '../data/launcher.ts'
import { getArtifacts, getStore } from '../data/store.ts'
import type { ApiApp } from './api-app.ts'
import { createApi } from './create-api.ts'
import { limitsFromEnvironment, trustedProxiesFromEnvironment } from './limits.ts'

/** The API of the running site: its database, its artifacts, its environment. */
export function serverApi(): ApiApp {
  return createApi({
    db: async () => (await getStore()).db,
    artifacts: getArtifacts,
    launcher: getLauncher(),
    clock: () => new Date(),
    limits: limitsFromEnvironment(),
    trustedProxies: trustedProxiesFromEnvironment(),
    // Messages of the store name no password; what was asked, and tokens with it, is not repeated here.
    onError: (error) =>
      console.error(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  })
}
