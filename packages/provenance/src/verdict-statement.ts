import {
  BenchError,
  type CheckKind,
  type Manifest,
  payloadTypes,
  type VerdictName,
  type VerdictStatement,
} from '@mate-bench/schema'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { canonicalJson } from './canonical.ts'
import { openEnvelope } from './envelope.ts'

export interface VerdictContent {
  /** The run that was checked. */
  readonly runId: string
  /** Of its manifest. */
  readonly manifestDigest: string
  readonly check: CheckKind
  readonly verdict: VerdictName
  /** Of the repeated trainings, that of the run's own seed first; none where nothing was trained. */
  readonly manifests: readonly Pick<Manifest, 'manifestDigest'>[]
}

/** What whoever checks a run signs. */
export function verdictStatement(content: VerdictContent): VerdictStatement {
  const { runId, manifestDigest, check, verdict, manifests } = content
  return {
    ...{ version: 2, runId, manifestDigest, check, verdict },
    manifests: manifests.map((repeated) => repeated.manifestDigest),
  }
}

/** The bytes that are signed of it. */
export function verdictBytes(statement: VerdictStatement): Uint8Array {
  return utf8ToBytes(canonicalJson(statement))
}

/**
 * Holds the signature of a verdict to what it is of.
 *
 * @param envelope parsed JSON, of anybody
 * @returns whose signature it is: `ed25519:` and the public key's 64 hex digits
 * @throws BenchError `verification-failed` for one that does not hold or is of something else, `bad-input`
 */
export async function verifyVerdictSignature(
  envelope: unknown,
  statement: VerdictStatement,
): Promise<string> {
  const { keyId, payload } = await openEnvelope(envelope, payloadTypes.verdict)
  const [signed, expected] = [payload, verdictBytes(statement)]
  if (signed.length === expected.length && signed.every((byte, i) => byte === expected[i])) return keyId
  throw new BenchError({
    code: 'verification-failed',
    message: `The signature is of another verdict than “${statement.check}: ${statement.verdict}” on ${statement.runId} with these manifests.`,
    hint: 'Send it with `mate-bench reproduce RUN --publish`, using the site’s version of MATE Bench.',
  })
}
