export { apiTokens, idempotencyKeys, rateLimits } from './api-tokens.ts'
export { artifacts } from './artifacts.ts'
export { dataChanges, dataVersion } from './data-version.ts'
export { entries } from './entries.ts'
export { entryAggregates } from './entry-aggregates.ts'
export { exitImageSums } from './exit-image-sums.ts'
export { exitResamples } from './exit-resamples.ts'
export { ensembleK, exitResults } from './exit-results.ts'
export { ledgerEntries, ledgerNodes } from './ledger.ts'
export {
  type Citation,
  type PublishedMetric,
  papers,
  publishedMetrics,
  publishedResults,
} from './published-results.ts'
export { runs } from './runs.ts'
export { runSignatures, signingKeys } from './signing-keys.ts'
export { specs } from './specs.ts'
export { submissionRuns } from './submission-runs.ts'
export {
  type SubmissionKind,
  type SubmissionState,
  submissionEvents,
  submissionKinds,
  submissionLog,
  submissionStates,
  submissions,
} from './submissions.ts'
export { type RunTier, runTiers, type Tier, tiers } from './tiers.ts'
export { type BestExit, trackAggregates } from './track-aggregates.ts'
export { tracks } from './tracks.ts'
export {
  batchEvents,
  type TrainingJobState,
  trainingJobStates,
  trainingJobs,
} from './training-jobs.ts'
export { verdicts } from './verdicts.ts'
