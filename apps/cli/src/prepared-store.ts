import { migrate, openStore, type Store } from '@mate-bench/store'

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
