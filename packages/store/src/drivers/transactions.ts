import type { Db } from './db.ts'
import { isConnectionLost } from './store-error.ts'

/** What both drivers' clients have in common. */
interface PooledClient {
  query(statement: { readonly text: string }, parameters: unknown[]): Promise<unknown>
  /** A broken client is thrown away, and the pool makes another when it is asked for one. */
  release(broken: boolean): void
}

/**
 * Transactions that outlive the loss of their connection. Drizzle's own do not: where `begin` fails the client never
 * comes back to the pool, and where the `rollback` after a fault fails too, its error takes the place of the one that
 * tells what happened.
 *
 * @param open drizzle, of this one client
 */
export function withTransactions<Client extends PooledClient>(
  db: Db,
  connect: () => Promise<Client>,
  open: (client: Client) => Db,
): Db {
  db.transaction = async (work, config) => {
    const client = await connect()
    let broken = false
    const query: PooledClient['query'] = async (statement, parameters) => {
      const isRollback = statement.text.startsWith('rollback')
      // Without a connection the server rolls back by itself; drizzle goes on to throw why it wanted to. A peer that fell
      // silent would be waited for a second time.
      if (isRollback && broken) return undefined
      try {
        return await client.query(statement, parameters)
      } catch (thrown) {
        broken ||= isRollback || statement.text.startsWith('begin') || isConnectionLost(thrown)
        if (isRollback) return undefined
        throw thrown
      }
    }
    try {
      const alone: Client = Object.create(client, { query: { value: query } })
      return await open(alone).transaction(work, config)
    } finally {
      client.release(broken)
    }
  }
  return db
}
