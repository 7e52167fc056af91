import { type ArtifactStore, openArtifacts, openStore, type Store } from '@mate-bench/store'

/** One pool a process, also where the development server loads this file again. */
const shared: typeof globalThis & {
  mateBenchStore?: Promise<Store>
  mateBenchArtifacts?: Promise<ArtifactStore>
} = globalThis

/** The database of the site. A failed opening is tried again by the next visit. */
export function getStore(): Promise<Store> {
  shared.mateBenchStore ??= openStore().catch((thrown: unknown) => {
    delete shared.mateBenchStore
    throw thrown
  })
  return shared.mateBenchStore
}

/** Where the files of runs are. */
export function getArtifacts(): Promise<ArtifactStore> {
  shared.mateBenchArtifacts ??= openArtifacts().catch((thrown: unknown) => {
    delete shared.mateBenchArtifacts
    throw thrown
  })
  return shared.mateBenchArtifacts
}
