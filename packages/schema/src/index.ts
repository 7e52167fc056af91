export {
  type ArtifactRole,
  artifactFiles,
  artifactRoles,
  type CompanionRole,
  companionFiles,
} from './artifact-files.ts'
export { brief } from './brief.ts'
export {
  BenchError,
  type BenchErrorOptions,
  benchErrorFromUnknown,
  type ErrorCode,
  errorCodes,
} from './errors.ts'
export { idPatterns } from './ids.ts'
export { documentLimits, type JsonLimits, parseJson } from './json.ts'
export { lineOfPath } from './json-place.ts'
export {
  type LedgerEvent,
  type LedgerKind,
  ledgerEventSchema,
  ledgerKinds,
  ledgerReason,
  type RunStart,
  registrations,
  startSchema,
  type TreeHead,
  treeHeadSchema,
} from './ledger.ts'
export {
  type Artifact,
  type Manifest,
  type ManifestExitMetrics,
  manifestSchema,
  type Track,
  teacherSchema,
  trackSchema,
} from './manifest.ts'
export { plainLine, plausibleTime } from './plain-text.ts'
export { formatPath, maximumProblems, type Problem, problemsFromIssues } from './problems.ts'
export { type Scope, scopes } from './scopes.ts'
export {
  type Envelope,
  envelopeSchema,
  keyIdPattern,
  keyIdSchema,
  maximumPayloadBytes,
  payloadTypes,
  type RunStatement,
  runPredicateType,
  runStatementSchema,
  statementType,
  type TokenBinding,
  tokenBindingSchema,
} from './signature.ts'
export {
  defineSpecSchema,
  digestedContent,
  maximumSeed,
  maximumTeacherSpecs,
  type ProtocolName,
  protocolNames,
  type SpecFrame,
  type SpecVariants,
  specFrame,
  teacherDigests,
} from './spec.ts'
export {
  runProgressSchema,
  type SubmissionProgress,
  type SubmissionRunProgress,
  submissionProgressSchema,
} from './submission-progress.ts'
export { didYouMean } from './suggest.ts'
export { checkTexts, decodeUtf8, textFault } from './text.ts'
export { type RunTier, runTiers, type Tier, tiers } from './tiers.ts'
export {
  type CheckKind,
  checkKinds,
  equivalenceMargins,
  type ReEvaluationEvidence,
  type RetrainingEvidence,
  type Ruling,
  rulings,
  type VerdictEffect,
  type VerdictEvidence,
  type VerdictName,
  type VerdictPlace,
  type VerdictStanding,
  type VerdictStatement,
  verdictEffects,
  verdictEvidenceSchema,
  verdictNames,
  verdictPlaceSchema,
  verdictStandings,
  verdictStatementSchema,
} from './verdict.ts'
