export {
  type ArtifactStore,
  parseSha256,
  type Sha256,
  type StoredArtifact,
} from './artifacts/artifact-store.ts'
export { openArtifacts } from './artifacts/open-artifacts.ts'
export { packCorrect, unpackCorrect } from './correct-bits.ts'
export type { Db, DriverName, EmbeddedServer, Store, Transaction } from './drivers/db.ts'
export { type OpenStoreOptions, openStore } from './drivers/open-store.ts'
export { storeErrorFromUnknown } from './drivers/store-error.ts'
export { withRetry } from './drivers/with-retry.ts'
export { type EmbeddedStatus, embeddedStatus, stopEmbedded } from './embedded/launch.ts'
export { type MigrationStatus, migrate, migrationStatus } from './migrate.ts'
export { type Published, type PublishOptions, publishRun } from './publish/publish-run.ts'
export type { Correctness, PublishableRun } from './publish/publishable-run.ts'
export * from './schema/index.ts'
