import { decodePredictions } from '@mate-bench/harness/predictions-file'
import type { PredictionTable } from '@mate-bench/stats'

/** Fetches the published predictions of a run and decodes them. */
export async function loadPredictions(
  runId: string,
  hasValidation: boolean,
  signal: AbortSignal,
): Promise<{ test: PredictionTable; validation: PredictionTable | undefined }> {
  const load = async (file: string) => {
    const response = await fetch(`/runs/${runId}/files/${file}`, { signal })
    if (!response.ok) throw new Error(`The predictions could not be loaded (${response.status}).`)
    return (await decodePredictions(new Uint8Array(await response.arrayBuffer()), file)).table
  }
  const [test, validation] = await Promise.all([
    load('predictions.parquet'),
    hasValidation ? load('validation-predictions.parquet') : undefined,
  ])
  return { test, validation }
}
