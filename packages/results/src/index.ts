export { type Answers, answersOf, correctnessOf, decodeAnswers, encodeAnswers } from './answers-file.ts'
export { checkPacked } from './check-packed.ts'
export { entriesInOrder } from './entries-in-order.ts'
export { type PackedOutcome, packRuns } from './pack-runs.ts'
export {
  decodePackedRun,
  encodePackedRun,
  fileOf,
  missingRoles,
  type PackedRun,
  readCompanionOf,
} from './packed-run.ts'
export {
  defaultResultsFolder,
  findPacked,
  listPacked,
  type PackedFile,
  readAllPacked,
  readPacked,
} from './results-folder.ts'
export { unpackRun } from './unpack-run.ts'
