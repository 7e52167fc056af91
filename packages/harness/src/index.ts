export {
  type ClassifierReport,
  type EntryReport,
  type ExitReport,
  groupEntries,
  type LoadedRun,
  loadRuns,
  type TrackReport,
} from './entries.ts'
export type { OnEvent, RunEvent } from './events.ts'
export { readJsonLines } from './json-lines.ts'
export { formatManifest } from './manifest.ts'
export { type Plan, planSpec } from './plan.ts'
export { type Job, type JobResult, runPool, workerModule } from './pool.ts'
export { decodePredictions, encodePredictions, type PredictionsFile } from './predictions-file.ts'
export { readManifest } from './read-manifest.ts'
export { readSpec } from './read-spec.ts'
export { type RunOptions, runSpec } from './run.ts'
export { runFiles } from './run-files.ts'
export { runFolderName } from './run-folder.ts'
export { decodeSafetensors, encodeSafetensors } from './safetensors.ts'
export { digestSpec, parseSpec, parseSpecText, type Spec, specSchema } from './spec.ts'
export { teacherChain, teacherSpecsOf } from './teachers.ts'
export { type TraceStep, traceSpec } from './trace.ts'
export { type Check, type VerifiedRun, verifyRun } from './verify/index.ts'
