import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import * as schema from '../schema/index.ts'
import type { Db } from './db.ts'
import { impatientSocket } from './impatient-socket.ts'
import { withTransactions } from './transactions.ts'

/** More than a statement of ours ever takes; they wait for each other where runs of one track are published at once. */
const silenceMilliseconds = 300_000

/** node-postgres over TCP: any Postgres. */
export function openPg(url: string): { db: Db; close: () => Promise<void> } {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 15_000,
    // Finds within half a minute that the peer of an open question is gone.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    stream: () => impatientSocket(silenceMilliseconds),
    // A pool that nobody uses must not keep a command-line program alive.
    allowExitOnIdle: true,
    application_name: 'mate-bench',
  })
  // An idle connection that the server drops: the pool opens another when it is asked for one.
  pool.on('error', () => {})
  // One that is in use tells by the query that fails; without a listener it would end the whole program besides.
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = withTransactions(
    drizzle(pool, { schema }),
    () => pool.connect(),
    (client) => drizzle(client, { schema }),
  )
  return { db, close: () => pool.end() }
}
