import {
  type BoundToken,
  bindingBytes,
  preAuthenticationEncoding,
  runStatement,
  sealEnvelope,
  statementBytes,
  type VerdictContent,
  verdictBytes,
  verdictStatement,
} from '@mate-bench/provenance'
import { type Envelope, type Manifest, payloadTypes } from '@mate-bench/schema'
import type { SigningKey } from './key-file.ts'
import { signBytes } from './key-of-seed.ts'

/** Signs a payload of a type: a DSSE envelope. */
export function signEnvelope(
  { keyId, seed }: Pick<SigningKey, 'keyId' | 'seed'>,
  payloadType: string,
  payload: Uint8Array,
): Envelope {
  const bytes = signBytes(seed, preAuthenticationEncoding(payloadType, payload))
  return sealEnvelope(payloadType, payload, { keyId, bytes })
}

/** Signs a run: its manifest and the digests of its files. */
export function signRun(key: Pick<SigningKey, 'keyId' | 'seed'>, manifest: Manifest): Envelope {
  return signEnvelope(key, payloadTypes.statement, statementBytes(runStatement(manifest)))
}

/** Signs how a check of a run ended. */
export function signVerdict(key: Pick<SigningKey, 'keyId' | 'seed'>, content: VerdictContent): Envelope {
  return signEnvelope(key, payloadTypes.verdict, verdictBytes(verdictStatement(content)))
}

/** Signs that a token is the key's own at a site: without it no site binds the one to the other. */
export function signBinding(key: Pick<SigningKey, 'keyId' | 'seed'>, token: BoundToken): Envelope {
  return signEnvelope(key, payloadTypes.binding, bindingBytes(token))
}

/** How an envelope stands in a file. */
export function formatEnvelope(envelope: Envelope): string {
  return `${JSON.stringify(envelope, null, 2)}\n`
}
