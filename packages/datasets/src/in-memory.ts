/** What a browser needs of this package: datasets of bare pixels from fetched bytes, and their batches. No Node built-in. */
export { createBatchPreparer } from './batches/batch-preparer.ts'
export { evaluationBatches } from './batches/evaluation-batches.ts'
export {
  createInlineLoader,
  type LoaderOptions,
  loaderWork,
  type TrainLoader,
} from './batches/inline-loader.ts'
export type { Batch, OpenDataset } from './dataset.ts'
export { decodeIdxPair } from './decode/idx.ts'
export { fashionMnistMiniPairs } from './fashion-mnist-files.ts'
export { fashionMnistMini } from './fashion-mnist-mini.ts'
export { openRecords } from './open-records.ts'
