import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import * as schema from '../schema/index.ts'
import type { Db } from './db.ts'
import { reviveWhenRefused } from './revive.ts'
import { breakWhenSilent, defaultSilenceMilliseconds } from './silence.ts'
import { withTransactions } from './transactions.ts'

export interface PgOptions {
  /** How long an answer may be awaited without a sign of life. Default: 300,000. */
  readonly silenceMilliseconds?: number | undefined
  /** Where the server is ours to start: starts it if it does not run, and gives its URL. */
  readonly revive?: (() => Promise<string>) | undefined
}

/** node-postgres over TCP: any Postgres. */
export function openPg(
  url: string,
  { silenceMilliseconds = defaultSilenceMilliseconds, revive }: PgOptions = {},
): { db: Db; close: () => Promise<void> } {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 15_000,
    // Finds within half a minute that the peer of an open question is gone.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // A pool that nobody uses must not keep a command-line program alive.
    allowExitOnIdle: true,
    application_name: 'mate-bench',
  })
  // An idle connection that the server drops: the pool opens another when it is asked for one.
  pool.on('error', () => {})
  pool.on('connect', (client) => {
    // One that is in use tells by the query that fails; without a listener it would end the whole program besides.
    client.on('error', () => {})
    breakWhenSilent(client, silenceMilliseconds)
  })
  if (revive) reviveWhenRefused(pool, revive)
  const db = withTransactions(
    drizzle(pool, { schema }),
    () => pool.connect(),
    (client) => drizzle(client, { schema }),
  )
  return { db, close: () => pool.end() }
}
