import {
  databaseUrlFromEnvironment,
  joinEmbedded,
  migrate,
  openStore,
  type Store,
  storeErrorFromUnknown,
} from '@mate-bench/store'

/**
 * Opens the database for a command and closes it afterwards. The tables of the embedded server, which nobody else
 * looks after, are brought to this version; another database is changed by `mate-bench db migrate` alone.
 *
 * @throws BenchError `storage` for a database that cannot be reached or used, and whatever `work` throws
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

/**
 * Runs `work` with the embedded server at hand, where no other database is set. Afterwards the server is stopped if it
 * was started for this and nobody else is connected: nothing stays behind, and nobody loses it.
 */
export async function withOwnDatabase<T>(work: () => Promise<T>): Promise<T> {
  if (databaseUrlFromEnvironment() !== undefined) return await work()
  const session = await joinEmbedded()
  try {
    return await work()
  } finally {
    if (!(await session.leave())) {
      process.stderr.write(
        'The database goes on, since other programs are connected. `mate-bench db stop` ends it.\n',
      )
    }
  }
}
