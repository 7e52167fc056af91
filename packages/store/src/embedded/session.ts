import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { embeddedStatus, type LaunchOptions, launchEmbedded, stopEmbedded } from './launch.ts'

/** One's place at the embedded server while it is needed. */
export interface EmbeddedSession {
  /**
   * Gives it up, and stops the server where it was started for this session and nobody else is connected.
   *
   * @returns false where it was started for this session and had to be left to others
   */
  leave(): Promise<boolean>
}

/** Connections that were closed a moment ago may still be listed. */
const looks = 20
const lookEveryMilliseconds = 50

/**
 * Attaches to the embedded server, starting it where it does not run, with a connection that stays: so others see that
 * somebody needs the server even while nothing is asked of it.
 *
 * @throws BenchError `storage`
 */
export async function joinEmbedded(options: LaunchOptions = {}): Promise<EmbeddedSession> {
  const { url, started } = await launchEmbedded(options)
  const client = new pg.Client({ connectionString: url, application_name: 'mate-bench session' })
  let isConnected = true
  const lost = () => {
    isConnected = false
  }
  client.on('error', lost).on('end', lost)
  await client.connect()
  return {
    async leave() {
      // Without the connection it is no longer the server that was started for us, but perhaps one that was started
      // again in its place by what we serve, which has ended by now.
      if (started && !isConnected) await stopUnused(options)
      const isOurs = started && isConnected
      // A server that ends while it is asked has nobody left.
      const isAlone = isOurs && (await isLast(client).catch(() => true))
      await client.end()
      if (isAlone) await stopEmbedded(options)
      return isAlone || !isOurs
    },
  }
}

async function stopUnused(options: LaunchOptions): Promise<void> {
  if (!embeddedStatus(options).running) return
  const client = new pg.Client({ connectionString: (await launchEmbedded(options)).url })
  client.on('error', () => {})
  await client.connect()
  const isUnused = await isLast(client).catch(() => false)
  await client.end()
  if (isUnused) await stopEmbedded(options)
}

async function isLast(client: pg.Client): Promise<boolean> {
  for (let look = 1; ; look++) {
    const { rowCount } = await client.query(
      "select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1",
    )
    if (rowCount === 0) return true
    if (look === looks) return false
    await sleep(lookEveryMilliseconds)
  }
}
