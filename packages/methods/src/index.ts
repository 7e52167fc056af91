export type * from './method.ts'
export {
  bindMethod,
  getMethod,
  type MethodOptions,
  methodMacs,
  methodOptions,
  methodProblems,
  methods,
} from './registry.ts'
