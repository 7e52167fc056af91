import type pg from 'pg'

type Callback = (error: Error | undefined, client: pg.PoolClient | undefined, done: () => void) => void

/**
 * Lets a pool find its server again that was killed and has to be started: where a connection is refused, `revive` is
 * asked for a URL, and the connection is tried once more. Several that are refused at once ask once.
 *
 * @param revive starts the server where it does not run, and says where it is then
 */
export function reviveWhenRefused(pool: pg.Pool, revive: () => Promise<string>): void {
  const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>
  let reviving: Promise<string> | undefined
  const connectAgain = async () => {
    try {
      return await connect()
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ECONNREFUSED')) throw thrown
      reviving ??= revive().finally(() => {
        reviving = undefined
      })
      // Read anew for each connection that the pool makes.
      pool.options.connectionString = await reviving
      return await connect()
    }
  }
  pool.connect = ((callback?: Callback) => {
    const connected = connectAgain()
    if (!callback) return connected
    connected.then(
      (client) => callback(undefined, client, () => client.release()),
      (error: Error) => callback(error, undefined, () => {}),
    )
  }) as typeof pool.connect
}
