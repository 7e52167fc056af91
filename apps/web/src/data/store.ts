import { linkedDatabaseUrl } from '@mate-bench/cloud/linked-database'
import { type ArtifactStore, openArtifacts, openStore, type Store } from '@mate-bench/store'

/** One pool a process, also where the development server loads this file again. */
const shared: typeof globalThis & {
  mateBenchStore?: Promise<Store>
  mateBenchArtifacts?: Promise<ArtifactStore>
} = globalThis

/** The database of the site. A failed opening is tried again by the next visit. */
export function getStore(): Promise<Store> {
  shared.mateBenchStore ??= openHere().catch((thrown: unknown) => {
    delete shared.mateBenchStore
    throw thrown
  })
  return shared.mateBenchStore
}

/** A deployment links the database's URL as a secret; elsewhere it stands in the environment, or nowhere. */
async function openHere(): Promise<Store> {
  const url = await linkedDatabaseUrl()
  return await openStore(url === undefined ? {} : { url })
}

/** Where the files of runs are. */
export function getArtifacts(): Promise<ArtifactStore> {
  shared.mateBenchArtifacts ??= openArtifacts().catch((thrown: unknown) => {
    delete shared.mateBenchArtifacts
    throw thrown
  })
  return shared.mateBenchArtifacts
}
