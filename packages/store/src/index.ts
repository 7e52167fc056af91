export { parseToken, type TokenText } from './access/token-text.ts'
export { refreshAggregates } from './aggregates/refresh.ts'
export {
  type ArtifactStore,
  parseSha256,
  type Sha256,
  type StoredArtifact,
} from './artifacts/artifact-store.ts'
export { openArtifacts } from './artifacts/open-artifacts.ts'
export { packCorrect } from './correct-bits.ts'
export { databaseUrlFromEnvironment, describeUrl } from './drivers/choose-driver.ts'
export type { Db, DriverName, EmbeddedServer, Store, Transaction } from './drivers/db.ts'
export { type OpenStoreOptions, openStore } from './drivers/open-store.ts'
export { storeErrorFromUnknown, workErrorFromUnknown } from './drivers/store-error.ts'
export { withRetry } from './drivers/with-retry.ts'
export { type EmbeddedStatus, embeddedStatus, stopEmbedded } from './embedded/launch.ts'
export { type EmbeddedSession, joinEmbedded } from './embedded/session.ts'
export { entryIdOf, formerEntryIdOf } from './entry-id.ts'
export { appendEvent, lockLedger, type NewEvent } from './ledger/append-event.ts'
export {
  consistencyPath,
  eventAt,
  inclusionPath,
  type LedgerEntry,
  type LedgerFilter,
  ledgerSize,
  listEvents,
  treeHead,
} from './ledger/read-ledger.ts'
export { bindToken, rememberKey } from './ledger/remember-key.ts'
export {
  eventsOfRun,
  type RecordedEvent,
  recordFailure,
  recordSent,
  recordStart,
  recordStartIn,
  type StartedRun,
  type StartOptions,
  wasBegunBy,
} from './ledger/run-events.ts'
export {
  type BegunRun,
  begunRuns,
  begunRunsOfEntries,
  type MissingRuns,
  missingRunsOfEntries,
  type RunStanding,
} from './ledger/seed-standing.ts'
export { withdrawRun } from './ledger/withdraw-run.ts'
export { type MigrationStatus, migrate, migrationStatus } from './migrate.ts'
export { keepApart } from './publish/keep-apart.ts'
export { type Published, type PublishOptions, publishingFailed, publishRun } from './publish/publish-run.ts'
export { type PublishedTogether, publishShipped } from './publish/publish-shipped.ts'
export type { Correctness, PublishableRun } from './publish/publishable-run.ts'
export { entryRow, exitRows, runRow, specRow, trackRow } from './publish/run-rows.ts'
export {
  checkToken,
  createToken,
  listTokens,
  type NewToken,
  revokeToken,
  type TokenCheck,
  type TokenRecord,
} from './queries/api-tokens.ts'
export { type ArtifactRow, artifactsOfRun, findArtifact, findArtifactByDigest } from './queries/artifacts.ts'
export { cursorIdSchema, cutPage, decodeCursor, type Page, pageSize } from './queries/cursor.ts'
export { currentDataVersion, type DataVersion } from './queries/data-version.ts'
export { type DatabaseStatus, databaseStatus } from './queries/database-status.ts'
export {
  type EntryDetail,
  type EntryFilter,
  type EntrySummary,
  findEntry,
  findWithdrawnEntry,
  listEntries,
  type WithdrawnEntry,
} from './queries/entries.ts'
export { entryRuns, type StoredRun } from './queries/entry-runs.ts'
export { type Answer, answerOnce, firstAnswer } from './queries/idempotency-keys.ts'
export {
  backboneTable,
  entriesByBackbone,
  entriesByMethod,
  type MethodTableRow,
  methodTable,
  type RivalFilter,
  rivalTable,
} from './queries/method-table.ts'
export {
  listPublishedResults,
  type PublishedFilter,
  type PublishedResult,
  pagePublishedResults,
  publishedByDataset,
} from './queries/published-results.ts'
export { type RateCheck, type RateLimit, takeFromBucket } from './queries/rate-limits.ts'
export { originsOfRuns, type RunOrigin } from './queries/run-origins.ts'
export {
  findKey,
  type KnownKey,
  listKeys,
  type RunSignature,
  signatureOfRun,
} from './queries/run-signatures.ts'
export {
  type ExitResult,
  exitsOfRuns,
  findRun,
  listRuns,
  manifestsOfRuns,
  type RunDetail,
  type RunFilter,
  type RunSummary,
  runsOfEntry,
} from './queries/runs.ts'
export { type RunOfLikeWeights, runsOfLikeWeights } from './queries/runs-of-like-weights.ts'
export { type SharedFile, sharedFiles } from './queries/shared-files.ts'
export { findByShortId } from './queries/short-ids.ts'
export { type SiteAddress, siteAddresses } from './queries/site-addresses.ts'
export { findSpec, listSpecs, type SpecDetail, type SpecFilter, type SpecSummary } from './queries/specs.ts'
export {
  appendLog,
  createSubmission,
  getSubmission,
  type LogLine,
  listSubmissions,
  type NewSubmission,
  type SubmissionDetail,
  type SubmissionEvent,
  type SubmissionFilter,
} from './queries/submissions.ts'
export { sweepExpired } from './queries/sweep-expired.ts'
export { type HistoryExit, type HistoryRun, trackHistory } from './queries/track-history.ts'
export {
  disputedRuns,
  findVerdict,
  findVerdictOf,
  isOpenDispute,
  pageVerdicts,
  type RunVerdict,
  type VerdictSummary,
  verdictsOfRuns,
  verdictsOfTrack,
} from './queries/verdicts.ts'
export { type CheckRequest, requestCheck } from './queue/checks.ts'
export {
  approveSubmission,
  cancelSubmission,
  type Decision,
  launcherOf,
  rejectSubmission,
} from './queue/decide.ts'
export type { Launcher, LaunchStatus } from './queue/launcher.ts'
export {
  type Claim,
  claimSubmission,
  confirmLease,
  endLease,
  type Heartbeat,
  keepLease,
  type Lease,
  type Outcome,
} from './queue/lease.ts'
export { localQueue, type TrainPayload, trainTask } from './queue/local-queue.ts'
export { localRunId } from './queue/local-runs.ts'
export { placesInQueue } from './queue/places-in-queue.ts'
export {
  changeState,
  isFinal,
  lockSubmission,
  recordEvent,
  type Submission,
} from './queue/submission-states.ts'
export { type PublishedTeacher, type TeacherStanding, teacherStanding } from './queue/teachers.ts'
export { queueApproved, requeueLost, restoreJobs } from './queue/tidy-queue.ts'
export {
  type BatchStatus,
  batchStatuses,
  hasEnded,
  isFinalJob,
} from './queue/training-job-states.ts'
export {
  type Attempt,
  beginTrainingJob,
  endTrainingJob,
  giveBackTrainingJob,
  giveUpTrainingJob,
  holdsTrainingJob,
  loadTrainingJob,
  type Observation,
  observeTrainingJob,
  recentTrainingJobs,
  reportTrainingJob,
  setJob,
  type TrainingJob,
  type TrainingJobOutcome,
  trainingJobsOf,
} from './queue/training-jobs.ts'
export { type SeededReferences, seedReferences } from './references/seed-references.ts'
export * from './schema/index.ts'
export { type Exported, exportStore } from './transfer/export-store.ts'
export { type Imported, type ImportedRun, type ImportOptions, importStore } from './transfer/import-store.ts'
export { earnedTier } from './verdicts/earned-tier.ts'
export {
  type NewVerdict,
  type RulingOptions,
  recordVerdict,
  ruleOnVerdict,
  type Verdict,
} from './verdicts/record-verdict.ts'
export { mostSentPerDay, mostSentPerRun, sentLimitReached } from './verdicts/sent-verdicts.ts'
