import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Store } from '../drivers/db.ts'
import { openStore } from '../drivers/open-store.ts'
import { debianBinaries } from '../embedded/binaries.ts'
import { migrate, migrationsDigest } from '../migrate.ts'
import { type TestServerName, useTestServer } from './test-server.ts'
import { startWebSocketBridge } from './websocket-bridge.ts'

/** The three ways to a database that every query must work through. */
export type TestDriver = 'embedded' | 'debian' | 'vercel'

export interface TestStore extends Store {
  /** Of this database, for programs and processes of their own. */
  readonly url: string
}

/** Those that can be tried on this machine: all of them where `MATE_BENCH_REQUIRE_ALL_DRIVERS` is set. */
export const testDrivers: readonly TestDriver[] = (['embedded', 'debian', 'vercel'] as const).filter(
  (driver) =>
    driver !== 'debian' || debianBinaries().length > 0 || process.env.MATE_BENCH_REQUIRE_ALL_DRIVERS,
)

/**
 * A database of its own for a test file, with all tables and nothing in them: a copy of a template, made in a tenth
 * of a second. `close` drops it, and stops the server behind it where no other test file is using it.
 */
export async function openTestStore(
  driver: TestDriver = 'embedded',
  options: { readonly empty?: boolean } = {},
): Promise<TestStore> {
  const serverName: TestServerName = driver === 'debian' ? 'debian' : 'embedded'
  const server = await useTestServer(serverName)
  const name = `test_${randomBytes(8).toString('hex')}`
  const template = options.empty ? 'template1' : await templateDatabase(server.url)
  await execute(server.url, `create database ${name} template ${template}`)
  const url = withDatabase(server.url, name)
  const bridge = driver === 'vercel' ? await startWebSocketBridge(url) : undefined
  const store = await openStore({ url, webSocketProxy: bridge?.proxy })
  return {
    ...store,
    url,
    async close() {
      await store.close()
      await bridge?.close()
      await execute(server.url, `drop database ${name} with (force)`)
      await server.release()
    },
  }
}

/** Any number, as long as it is always this one. */
const templateLock = 5_550_101

/** Named after the migrations, so that it is made again when they change. */
async function templateDatabase(serverUrl: string): Promise<string> {
  const name = `template_${migrationsDigest().slice(0, 16)}`
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [templateLock])
    const { rows } = await client.query('select datistemplate as ready from pg_database where datname = $1', [
      name,
    ])
    if (rows[0]?.ready) return name
    // One that is not marked was left half made.
    await client.query(`drop database if exists ${name} with (force)`)
    await client.query(`create database ${name}`)
    const store = await openStore({ url: withDatabase(serverUrl, name) })
    try {
      await migrate(store.db)
    } finally {
      await store.close()
    }
    await client.query(`alter database ${name} is_template true`)
    return name
  } finally {
    await client.end()
  }
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function withDatabase(url: string, name: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${name}`
  return parsed.href
}
