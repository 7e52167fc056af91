import { createClient, createPool, type VercelPool, type VercelPoolClient } from '@vercel/postgres'
import { drizzle } from 'drizzle-orm/vercel-postgres'
import * as schema from '../schema/index.ts'
import { pooledUrl } from './choose-driver.ts'
import type { Db } from './db.ts'
import { defaultSilenceMilliseconds } from './silence.ts'
import { withTransactions } from './transactions.ts'

export interface VercelOptions {
  /**
   * `HOST:PORT` of a WebSocket proxy in front of a Postgres of one's own. Plain `ws:`, so on a trusted network
   * only. Settings of the bundled Neon driver are global to the process. Default: `MATE_BENCH_POSTGRES_PROXY`.
   */
  readonly webSocketProxy?: string | undefined
  /** How long an answer may be awaited. Default: as in open-pg.ts. */
  readonly silenceMilliseconds?: number | undefined
}

/** @vercel/postgres over a WebSocket: Neon, and Vercel's Postgres which is Neon. */
export function openVercel(
  url: string,
  { webSocketProxy, silenceMilliseconds = defaultSilenceMilliseconds }: VercelOptions = {},
) {
  const connectionString = webSocketProxy === undefined ? pooledUrl(url) : localhostUrl(url)
  if (webSocketProxy !== undefined) useProxy(connectionString, webSocketProxy)
  const pool = createPool({
    connectionString,
    max: 10,
    connectionTimeoutMillis: 15_000,
    // A WebSocket has no keep-alive of ours: one whose peer vanished without a word would be waited for for ever.
    query_timeout: silenceMilliseconds,
  })
  // As in open-pg.ts.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  // The rows have the shape of node-postgres's; only the name of the result's type differs.
  const open = (client: VercelPool | VercelPoolClient) => drizzle(client, { schema }) as unknown as Db
  return { db: withTransactions(open(pool), () => pool.connect(), open), close: () => pool.end() }
}

/** A pool is refused for any host but `localhost` and Neon's poolers; the proxy knows where Postgres is. */
function localhostUrl(url: string): string {
  const parsed = new URL(url)
  parsed.hostname = 'localhost'
  return parsed.href
}

interface NeonSettings {
  wsProxy: (host: string, port: number | string) => string
  useSecureWebSocket: boolean
  pipelineTLS: boolean
  pipelineConnect: false | 'password'
}

/**
 * @vercel/postgres bundles its own copy of the Neon driver and exports none of its settings. A client's
 * `neonConfig` leads to the class that holds them.
 */
function useProxy(connectionString: string, proxy: string): void {
  const client = createClient({ connectionString })
  const settings: unknown = client.neonConfig.constructor
  if (!isNeonSettings(settings)) throw new TypeError('this @vercel/postgres has no settings for a proxy')
  settings.wsProxy = () => `${proxy}/v1`
  settings.useSecureWebSocket = false
  settings.pipelineTLS = false
  // Sending the password along with the first packet presumes Neon's own kind of authentication.
  settings.pipelineConnect = false
}

function isNeonSettings(value: unknown): value is NeonSettings {
  return typeof value === 'function' && 'wsProxy' in value && 'pipelineConnect' in value
}
