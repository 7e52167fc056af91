import { hexToBytes } from '@noble/hashes/utils.js'

/**
 * Whether a signature (64 bytes, RFC 8032) is that of a key over a message. WebCrypto does it, in Node and in browsers.
 *
 * @param keyId `ed25519:` and the 64 hex digits of the public key
 */
export async function verifyEd25519(
  keyId: string,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (signature.length !== 64) return false
  try {
    const { subtle } = globalThis.crypto
    const raw = own(hexToBytes(keyId.slice('ed25519:'.length)))
    const key = await subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify'])
    return await subtle.verify({ name: 'Ed25519' }, key, own(signature), own(message))
  } catch (thrown) {
    // Not a point of the curve.
    if (thrown instanceof Error && ['DataError', 'OperationError'].includes(thrown.name)) return false
    throw thrown
  }
}

/** In memory of its own, which is what WebCrypto's types ask for. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes)
}
