import { BenchError, type Envelope, envelopeSchema } from '@mate-bench/schema'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { verifyEd25519 } from './ed25519.ts'

/**
 * What is signed of an envelope: its pre-authentication encoding, so that nothing which was signed as one thing is read as
 * another. DSSE 1.0, `protocol.md`: "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body.
 */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8ToBytes(payloadType)
  const head = utf8ToBytes(`DSSEv1 ${type.length} `)
  return concatBytes(head, type, utf8ToBytes(` ${payload.length} `), payload)
}

/** Puts a payload and its signature (64 bytes) into an envelope. */
export function sealEnvelope(
  payloadType: string,
  payload: Uint8Array,
  signature: { readonly keyId: string; readonly bytes: Uint8Array },
): Envelope {
  return {
    payloadType,
    payload: toBase64(payload),
    signatures: [{ keyid: signature.keyId, sig: toBase64(signature.bytes) }],
  }
}

export interface OpenedEnvelope {
  /** Who signed it: the key itself, not a name. */
  readonly keyId: string
  readonly payload: Uint8Array
}

/**
 * Opens an envelope whose signature holds.
 * @param input parsed JSON, of anybody
 * @throws BenchError `bad-input` for something else, `verification-failed` for another type or a signature that does not hold
 */
export async function openEnvelope(input: unknown, payloadType: string): Promise<OpenedEnvelope> {
  const parsed = envelopeSchema.safeParse(input)
  const signature = parsed.data?.signatures[0]
  if (!parsed.success || !signature) {
    throw new BenchError({
      code: 'bad-input',
      message: 'This is not a DSSE envelope with one Ed25519 signature.',
    })
  }
  const { data } = parsed
  if (data.payloadType !== payloadType) {
    throw new BenchError({
      code: 'verification-failed',
      message: `The envelope holds ${data.payloadType}, not ${payloadType}.`,
    })
  }
  const payload = fromBase64(data.payload)
  const signed = preAuthenticationEncoding(payloadType, payload)
  if (!(await verifyEd25519(signature.keyid, signed, fromBase64(signature.sig)))) {
    throw new BenchError({
      code: 'verification-failed',
      message: `The signature is not that of ${signature.keyid} over this content.`,
    })
  }
  return { keyId: signature.keyid, payload }
}

/** The first digits of a key, for people. */
export function shortKey(keyId: string): string {
  return keyId.slice(0, 'ed25519:'.length + 16)
}

// `btoa` and `atob` are in Node and in browsers; what is encoded here is small.
export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
