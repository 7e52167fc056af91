/** What a page needs of the study: types and words, no files. */
export type { Difference } from './difference.ts'
export type { Answer, Question } from './questions.ts'
export * from './sentences.ts'
export type {
  StudyAttention,
  StudyExit,
  StudyMethod,
  StudyReference,
  StudyResults,
} from './study-results.ts'
