export type * from './method.ts'
