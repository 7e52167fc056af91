import { createHash } from 'node:crypto'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { isConnectionLost } from '../drivers/store-error.ts'
import { debianBinaries } from '../embedded/binaries.ts'
import { launchEmbedded, stopEmbedded } from '../embedded/launch.ts'

export type TestServerName = 'embedded' | 'debian'

export interface TestServer {
  /** Of a database that always exists, as a user who may make others. */
  readonly url: string
  /** Ends the server where nobody else is using it. */
  release(): Promise<void>
}

/** Any number, as long as it is always this one. */
const usersLock = 5_550_100

/**
 * A server for tests, shared by all test files that run at the time. Each holds a lock in it; who can take that lock
 * for himself alone is the last and stops the server. Its data folder stays, so that the next start is quick.
 */
export async function useTestServer(name: TestServerName): Promise<TestServer> {
  const folder = join(tmpdir(), `mate-bench-test-${name}-${userInfo().uid}-${placeDigest()}`)
  const binaries = name === 'debian' ? newestDebian() : undefined
  for (let attempt = 1; ; attempt++) {
    const { url } = await launchEmbedded({ folder, binaries })
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.query('select pg_advisory_lock_shared($1)', [usersLock])
    } catch (thrown) {
      // The last of the others is stopping it at this moment.
      if (attempt < 5 && isConnectionLost(thrown)) continue
      throw thrown
    }
    return {
      url,
      async release() {
        await client.query('select pg_advisory_unlock_shared($1)', [usersLock])
        const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [
          usersLock,
        ])
        if (!rows[0]?.last) return await client.end()
        // With the lock in hand: who waits for it is told by the end of his connection, and starts the server again.
        const ended = new Promise((done) => client.once('end', done))
        await stopEmbedded({ folder })
        await ended
      },
    }
  }
}

function newestDebian(): string {
  const [newest] = debianBinaries()
  if (newest) return newest.binaries
  throw new Error("Debian's Postgres is not on this machine: apt-get install postgresql")
}

/** Two copies of the project do not share a server. */
function placeDigest(): string {
  return createHash('sha256')
    .update(import.meta.url)
    .digest('hex')
    .slice(0, 8)
}
