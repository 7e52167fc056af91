import { evaluationBatches, type OpenDataset } from '@mate-bench/datasets'
import type { MethodInstance } from '@mate-bench/methods'
import type { Model } from '@mate-bench/nn'
import { predict, type SplitPredictions } from './predict.ts'

interface PredictSplitOptions {
  readonly model: Model
  readonly dataset: OpenDataset
  readonly split: 'validation' | 'test'
  readonly batchSize: number
  /** Given where the method's attention is wanted too. */
  readonly method?: MethodInstance
}

/** Runs a split through the network with running statistics and records every exit's predictions. */
export function predictSplit(options: PredictSplitOptions): Promise<SplitPredictions> {
  const { model, dataset, split, batchSize, method } = options
  return predict({
    model,
    indices: dataset.splits[split].indices,
    batches: evaluationBatches(dataset, split, batchSize),
    classes: dataset.classes.length,
    ...(method ? { method } : {}),
  })
}
