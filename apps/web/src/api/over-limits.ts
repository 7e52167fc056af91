import { si } from '../view/numbers.ts'
import type { ApiLimits } from './dependencies.ts'
import { problemResponse } from './problem-response.ts'

/**
 * What is answered where a submission asks for more than it may; undefined where it does not.
 *
 * @param macs of all that it asks for
 * @param trainingBytes that one of its runs would hold while it trains; 0 where nothing is trained
 */
export function overLimits(limits: ApiLimits, macs: number, trainingBytes: number): Response | undefined {
  if (macs > limits.macsPerSubmission) return tooManyMacs(macs, limits.macsPerSubmission)
  return trainingBytes > limits.bytesPerRun ? tooManyBytes(trainingBytes, limits.bytesPerRun) : undefined
}

function tooManyBytes(bytes: number, limit: number): Response {
  return problemResponse({
    code: 'over-limit',
    detail: `A run of the spec would hold about ${si(bytes)}B while it trains, at most ${si(limit)}B are accepted.`,
    hint: 'Use a smaller training.batchSize or network, or a method that takes fewer views and partners of an image.',
  })
}

function tooManyMacs(macs: number, limit: number): Response {
  return problemResponse({
    code: 'over-limit',
    detail: `The spec asks for ${si(macs)} MACs in all, at most ${si(limit)} are accepted.`,
    hint: 'Use fewer seeds or epochs, or a smaller network; `mate-bench plan SPEC` shows what it costs.',
  })
}
