import {
  databaseUrlFromEnvironment,
  embeddedStatus,
  migrate,
  openStore,
  type Store,
  stopEmbedded,
  storeErrorFromUnknown,
} from '@mate-bench/store'

/**
 * Opens the database for a command and closes it afterwards. The tables of the embedded server, which nobody else
 * looks after, are brought to this version; another database is changed by `mate-bench db migrate` alone.
 *
 * @throws BenchError `storage` for a database that can not be reached or used, and whatever `work` throws
 */
export async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore()
  try {
    for (const note of store.embedded?.notes ?? []) process.stderr.write(`${note}\n`)
    if (store.embedded) await migrate(store.db)
    return await work(store)
  } catch (thrown) {
    throw forPeople(thrown)
  } finally {
    await store.close()
  }
}

/** What the database or the way to it reported, without statements; what something else threw stays as it is. */
function forPeople(thrown: unknown): unknown {
  // Errors of the file system name a path, as ours do; those of drivers do not.
  if (thrown instanceof Error && 'path' in thrown) return thrown
  const error = storeErrorFromUnknown(thrown)
  return error.code === 'storage' ? error : thrown
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
