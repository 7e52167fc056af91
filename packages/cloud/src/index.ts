export { awsBatchLauncher } from './aws-batch-launcher.ts'
export { withoutAccounts } from './aws-words.ts'
export { applyBatchEvent, type BatchEventOutcome, sweepBatchEvents } from './batch-event.ts'
export {
  type BatchJobs,
  type BatchService,
  openBatchJobs,
  openBatchService,
  type ServiceJob,
} from './batch-service.ts'
export { cancelRun } from './cancel-run.ts'
export { type EndContext, type Ended, endCancelled } from './end-cancelled.ts'
export { type BatchTarget, batchTargetFromEnvironment, cloudVariables } from './environment.ts'
export { trainerExitCodes } from './exit-codes.ts'
export { type JobLogs, openJobLogs } from './job-logs.ts'
export { type LaunchContext, type Launched, launchWaiting } from './launch-waiting.ts'
export { launcherFromEnvironment } from './launcher-from-environment.ts'
export { queueTag } from './queue-tag.ts'
export { type ReconcileContext, type Reconciled, reconcile } from './reconcile.ts'
export { retryRun } from './retry-run.ts'
