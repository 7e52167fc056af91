import { databaseUrlFromEnvironment, openStore, type Store } from '@mate-bench/store'

/**
 * The database of a function: the deployment links its URL as an encrypted secret, so that it stands in no plain
 * variable; elsewhere the environment has it as everywhere.
 */
export async function linkedDatabaseUrl(): Promise<string | undefined> {
  if (!process.env.SST_KEY_FILE && !process.env.SST_RESOURCE_PostgresUrl) return databaseUrlFromEnvironment()
  const { Resource } = await import('sst/resource')
  return Resource.PostgresUrl.value
}

let shared: Promise<Store> | undefined

/** Opened once for all calls that one instance of a function answers. */
export async function openLinkedStore(): Promise<Store> {
  shared ??= linkedDatabaseUrl()
    .then(async (url) => await openStore(url === undefined ? {} : { url }))
    .catch((thrown: unknown) => {
      shared = undefined
      throw thrown
    })
  return await shared
}

/** For processes that end: tests, and nothing else. */
export async function closeLinkedStore(): Promise<void> {
  const open = shared
  shared = undefined
  await (await open)?.close()
}
