import { type CalibrationBin, calibrationBins } from './calibration.ts'
import { correctness, type ExitPredictions } from './predictions.ts'

/** Calibration bins of one classifier's predictions in several runs together, as if they were one larger test set. */
export function pooledCalibrationBins(predictions: readonly ExitPredictions[]): CalibrationBin[] {
  const total = predictions.reduce((sum, { confidence }) => sum + confidence.length, 0)
  const confidence = new Float32Array(total)
  const correct = new Uint8Array(total)
  let at = 0
  for (const exit of predictions) {
    confidence.set(exit.confidence, at)
    correct.set(correctness(exit), at)
    at += exit.confidence.length
  }
  return calibrationBins(confidence, correct)
}
