import {
  artifactFiles,
  BenchError,
  type Manifest,
  payloadTypes,
  type RunStatement,
  runPredicateType,
  runStatementSchema,
  statementType,
} from '@mate-bench/schema'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { canonicalJson } from './canonical.ts'
import { digestBytes } from './digest.ts'
import { openEnvelope } from './envelope.ts'

/** The one way a manifest is written; `verify` holds a file to these very bytes. */
export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`
}

/** What the author of a run signs: the digests of its manifest and files. */
export function runStatement(manifest: Manifest): RunStatement {
  const sha256 = digestBytes(utf8ToBytes(formatManifest(manifest))).slice('sha256:'.length)
  const files = manifest.artifacts.map((artifact) => ({
    name: artifactFiles[artifact.role].file,
    digest: { sha256: artifact.sha256 },
  }))
  const { runId, specDigest, seed, manifestDigest } = manifest
  return {
    _type: statementType,
    subject: [{ name: 'manifest.json', digest: { sha256 } }, ...files],
    predicateType: runPredicateType,
    predicate: { runId, specDigest, seed, manifestDigest },
  }
}

/** The bytes that are signed of it. */
export function statementBytes(statement: RunStatement): Uint8Array {
  return utf8ToBytes(canonicalJson(statement))
}

/**
 * Holds the signature of a run to its manifest.
 *
 * @param envelope parsed JSON of signature.json
 * @returns whose signature it is: `ed25519:` and the public key's 64 hex digits
 * @throws BenchError `verification-failed` for one that does not hold or is of another run, `bad-input`
 */
export async function verifyRunSignature(envelope: unknown, manifest: Manifest): Promise<string> {
  const { keyId, payload } = await openEnvelope(envelope, payloadTypes.statement)
  const signed = runStatementSchema.safeParse(parsed(payload))
  if (!signed.success) {
    throw new BenchError({ code: 'verification-failed', message: 'What is signed is no statement of a run.' })
  }
  if (canonicalJson(signed.data) !== canonicalJson(runStatement(manifest))) {
    throw new BenchError({
      code: 'verification-failed',
      message: 'The signature is of other files: of another run, or of this one before it was changed.',
    })
  }
  return keyId
}

function parsed(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    return undefined
  }
}
