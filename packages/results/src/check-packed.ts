import { startIn } from '@mate-bench/harness/start-record'
import { type Check, checkOf, checkWithoutPredictions } from '@mate-bench/harness/verify'
import { verifyRunSignature } from '@mate-bench/provenance'
import { envelopeSchema } from '@mate-bench/schema'
import { missingRoles, type PackedRun, readCompanionOf } from './packed-run.ts'

/**
 * Checks what a packed run holds, beyond the digests and answers that reading it checks: spec, costs, learning curves, log,
 * times, signature, start. Neither data nor network is needed. What is not there is told, with what would bring it.
 */
export async function checkPacked(packed: PackedRun): Promise<Check[]> {
  const { manifest, files, companions } = packed
  const checks = [...(await checkWithoutPredictions(manifest, files))]
  if (companions.has('signature')) {
    try {
      const envelope = envelopeSchema.parse(readCompanionOf(packed, 'signature'))
      checks.push(checkOf('signature', 'passed', await verifyRunSignature(envelope, manifest)))
    } catch (thrown) {
      checks.push(checkOf('signature', 'failed', thrown instanceof Error ? thrown.message : String(thrown)))
    }
  }
  if (companions.has('start')) {
    try {
      const { start } = await startIn(readCompanionOf(packed, 'start'))
      const isOfRun =
        start.runId === manifest.runId &&
        start.specDigest === manifest.specDigest &&
        start.seed === manifest.seed
      if (!isOfRun) throw new Error(`it is the start of ${start.runId}, seed ${start.seed}`)
      checks.push(checkOf('start', 'passed', `written down at ${start.at}`))
    } catch (thrown) {
      checks.push(checkOf('start', 'failed', thrown instanceof Error ? thrown.message : String(thrown)))
    }
  }
  const missing = missingRoles(packed)
  if (missing.length > 0) {
    const rest = files.has('model')
      ? '`mate-bench evaluate` makes them from the weights'
      : '`mate-bench reproduce` trains them again'
    checks.push(checkOf('files that are not here', 'unchecked', `${missing.join(', ')}; ${rest}`))
  }
  return checks
}
