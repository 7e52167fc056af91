import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import * as schema from '../schema/index.ts'
import type { Db } from './db.ts'

/** node-postgres over TCP: any Postgres. */
export function openPg(url: string): { db: Db; close: () => Promise<void> } {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 15_000,
    // A pool that nobody uses must not keep a command-line program alive.
    allowExitOnIdle: true,
    application_name: 'mate-bench',
  })
  // An idle connection that the server drops: the pool opens another when it is asked for one.
  pool.on('error', () => {})
  // Likewise one in a transaction: its statements say so, and an event that nobody hears would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  return { db: drizzle(pool, { schema }), close: () => pool.end() }
}
