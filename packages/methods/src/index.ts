export type * from './method.ts'
export {
  bindMethod,
  getMethod,
  type MethodOptions,
  methodOptions,
  methodProblems,
  methods,
} from './registry.ts'
