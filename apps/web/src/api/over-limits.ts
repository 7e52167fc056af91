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
    detail: `A run of the spec would need about ${si(bytes)}B of memory while it trains, more than the ${si(limit)}B that a run may use.`,
    hint: 'Use a smaller training.batchSize or network, or a method that needs fewer views of each image.',
  })
}

function tooManyMacs(macs: number, limit: number): Response {
  return problemResponse({
    code: 'over-limit',
    detail: `The spec asks for ${si(macs)} MACs in all, more than the ${si(limit)} MACs that one submission may request.`,
    hint: 'Use fewer seeds or epochs, or a smaller network; `mate-bench plan SPEC` shows what it costs.',
  })
}
