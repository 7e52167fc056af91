export { type Answers, answersOf, correctnessOf, decodeAnswers, encodeAnswers } from './answers-file.ts'
export { checkPacked } from './check-packed.ts'
export { entriesInOrder, teacherProblems } from './entries-in-order.ts'
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
  requirePacked,
} from './results-folder.ts'
export type { Difference } from './study/difference.ts'
export type { Answer, Question } from './study/questions.ts'
export { type StudyFile, studyFiles } from './study/study-files.ts'
export {
  type StudyAttention,
  type StudyExit,
  type StudyMethod,
  type StudyReference,
  type StudyResults,
  studyResults,
} from './study/study-results.ts'
export { unpackRun } from './unpack-run.ts'
