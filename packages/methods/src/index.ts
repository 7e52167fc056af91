export { describeNeeds, usualNeeds, usualRun } from './describe-needs.ts'
export type * from './method.ts'
export {
  bindMethod,
  expandPreset,
  getMethod,
  type MethodOptions,
  methodLogitWeights,
  methodMacs,
  methodNeeds,
  methodOptions,
  methodProblems,
  methods,
} from './registry.ts'
export { type TrainingPasses, trainingPasses } from './training-passes.ts'
