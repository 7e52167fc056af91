// Kept light, since the checks themselves load in their own thread.
export { type Check, checkOf, type Outcome, teacherCheckName } from './check.ts'
export type { Rerun } from './check-weights.ts'
export { checkWithoutPredictions } from './check-without-predictions.ts'
export { type RunRelation, relateRuns, relationCheck, relationText } from './compare-runs.ts'
export type { RunFingerprint } from './fingerprint.ts'
export type { RerunSummary } from './rerun-weights.ts'
export { prepareVerify, type VerifiedRun, type VerifyOptions, verifyRun } from './verify-run.ts'
