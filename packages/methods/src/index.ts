export type * from './method.ts'
export {
  bindMethod,
  getMethod,
  type MethodOptions,
  methodMacs,
  methodNeeds,
  methodOptions,
  methodProblems,
  methods,
} from './registry.ts'
export { type TrainingPasses, trainingPasses } from './training-passes.ts'
