import { chooseDriver, databaseUrlFromEnvironment, describeUrl } from './choose-driver.ts'
import type { Store } from './db.ts'
import type { VercelOptions } from './open-vercel.ts'

export interface OpenStoreOptions extends VercelOptions {
  /** Default: `DATABASE_URL`, else `POSTGRES_URL`, else the embedded server. */
  readonly url?: string | undefined
  /** Folder of the embedded server; default: `MATE_BENCH_DB`, or a folder of the user's. */
  readonly folder?: string | undefined
}

/**
 * Opens the database. A driver is loaded when it is chosen, so that none costs anything where another is used.
 * Connections are made with the first query; `withRetry` and `storeErrorFromUnknown` are for when that fails.
 *
 * @throws BenchError `bad-input` for a URL that is none, `storage` when the embedded server can't be started
 */
export async function openStore(options: OpenStoreOptions = {}): Promise<Store> {
  const url = options.url ?? databaseUrlFromEnvironment()
  if (url !== undefined) return await openUrl(url, options)
  const { launchEmbedded } = await import('../embedded/launch.ts')
  const embedded = await launchEmbedded({ folder: options.folder })
  const { openPg } = await import('./open-pg.ts')
  // One that was killed under a running site, say, is started by the first that needs it.
  const revive = async () => (await launchEmbedded({ folder: options.folder })).url
  return { ...openPg(embedded.url, { revive }), driver: 'pg', where: embedded.folder, embedded }
}

async function openUrl(url: string, options: VercelOptions): Promise<Store> {
  const webSocketProxy = options.webSocketProxy ?? (process.env.MATE_BENCH_POSTGRES_PROXY || undefined)
  const where = describeUrl(url)
  const driver = webSocketProxy === undefined ? chooseDriver(url) : 'vercel'
  switch (driver) {
    case 'vercel': {
      const { openVercel } = await import('./open-vercel.ts')
      return { ...openVercel(url, { webSocketProxy }), driver, where }
    }
    case 'pg': {
      const { openPg } = await import('./open-pg.ts')
      return { ...openPg(url), driver, where }
    }
  }
}
