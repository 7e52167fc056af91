export { describeNeeds, usualNeeds, usualRun } from './describe-needs.ts'
export { bindLastExitAlone } from './last-exit-alone.ts'
export type * from './method.ts'
export {
  bindMethod,
  canonicalMethod,
  expandPreset,
  getMethod,
  type MethodOptions,
  methodLogitWeights,
  methodMacs,
  methodNeeds,
  methodOptions,
  methodProblems,
  methods,
  teachersOf,
} from './registry.ts'
export { type TeacherReference, teacherReference } from './teacher-reference.ts'
export { type TrainingPasses, trainingPasses } from './training-passes.ts'
