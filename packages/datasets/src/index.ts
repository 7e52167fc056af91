export {
  type BatchMemory,
  type BatchPreparerOptions,
  createBatchPreparer,
  type PrepareBatch,
} from './batches/batch-preparer.ts'
export { epochOrder } from './batches/epoch-order.ts'
export { evaluationBatches } from './batches/evaluation-batches.ts'
export type { RowOptions } from './batches/partner-draw.ts'
export { createTrainLoader, type TrainLoader, type TrainLoaderOptions } from './batches/train-loader.ts'
export type * from './dataset.ts'
export { type AddOptions, addDataset } from './files/add-dataset.ts'
export { pauseBeforeAskingAgain } from './files/busy-server.ts'
export { type DatasetReference, datasetFolder, defaultDataFolder, howToGet } from './files/data-folder.ts'
export { type DatasetStatus, datasetStatus } from './files/dataset-status.ts'
export { type FetchOptions, type FetchProgress, fetchDataset } from './files/fetch-dataset.ts'
export type { Brought, BroughtFile } from './files/present-files.ts'
export { type FileReport, verifyDataset } from './files/verify-dataset.ts'
export {
  type AddedImageFolder,
  type AddImageFolderOptions,
  addImageFolder,
} from './image-folder/add-image-folder.ts'
export { type AddedPictures, listImageFolders } from './image-folder/list-added.ts'
export { measureNormalisation, normalisationTable } from './normalise.ts'
export { type OpenDatasetOptions, openDataset } from './open.ts'
export type { SplitOptions } from './options.ts'
export type { PackProgress } from './pictures/pack.ts'
export { packedFiles } from './pictures/packed-file.ts'
export { type Prepared, type PrepareOptions, preparePictures } from './pictures/prepare.ts'
export * from './registry.ts'
