export { approve } from './approve.ts'
export { type BatchEvent, FakeBatch, type FakeBatchOptions } from './fake-batch.ts'
export { FakeLogs } from './fake-logs.ts'
export { isRetried, type JobDefinition, jobDefinitionSchema, resolveCommand } from './job-definition.ts'
