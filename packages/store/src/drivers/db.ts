import type { ExtractTablesWithRelations } from 'drizzle-orm'
import type { NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase, PgTransaction } from 'drizzle-orm/pg-core'
import type * as schema from '../schema/index.ts'

type Schema = typeof schema
type Relations = ExtractTablesWithRelations<Schema>

/**
 * The database, whichever driver is behind it: each gives rows in the shape of node-postgres. A transaction is
 * one too, so that queries can be called inside one.
 */
export type Db = PgDatabase<NodePgQueryResultHKT, Schema, Relations>
export type Transaction = PgTransaction<NodePgQueryResultHKT, Schema, Relations>

export type DriverName = 'pg' | 'vercel'

/** An open database and what there is to say about it. */
export interface Store {
  readonly db: Db
  readonly driver: DriverName
  /** Where it is, for people: no password in it. */
  readonly where: string
  /** Present when the server is the one that comes with MATE Bench. */
  readonly embedded?: EmbeddedServer | undefined
  close(): Promise<void>
}

export interface EmbeddedServer {
  readonly folder: string
  readonly port: number
  /** Connection string with its password, for programs that bring their own driver. */
  readonly url: string
  /** False where a server was running already. */
  readonly started: boolean
  /** Why the folder is not the usual one, and the like. */
  readonly notes: readonly string[]
}
