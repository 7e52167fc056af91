export { type Check, checkOf, type Outcome } from './check.ts'
export { type RunRelation, relateRuns, relationCheck, relationText } from './compare-runs.ts'
export { fingerprintOf, type RunFingerprint } from './fingerprint.ts'
export { type VerifiedRun, type VerifyOptions, verifyRun } from './verify-run.ts'
