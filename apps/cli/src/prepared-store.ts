import {
  databaseUrlFromEnvironment,
  embeddedStatus,
  migrate,
  openStore,
  type Store,
  stopEmbedded,
} from '@mate-bench/store'

/**
 * Opens the database for a command and closes it afterwards. The tables of the embedded server, which nobody else
 * looks after, are brought to this version; another database is changed by `mate-bench db migrate` alone.
 */
export async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore()
  try {
    for (const note of store.embedded?.notes ?? []) process.stderr.write(`${note}\n`)
    if (store.embedded) await migrate(store.db)
    return await work(store)
  } finally {
    await store.close()
  }
}

/** Runs `work`, and ends the embedded server afterwards where it was not running before: nothing stays behind. */
export async function withOwnDatabase<T>(work: () => Promise<T>): Promise<T> {
  const isOurs = databaseUrlFromEnvironment() === undefined && !embeddedStatus().running
  try {
    return await work()
  } finally {
    if (isOurs) await stopEmbedded()
  }
}
