export { type BatchTarget, batchTargetFromEnvironment, cloudVariables } from './environment.ts'
export { trainerExitCodes } from './exit-codes.ts'
