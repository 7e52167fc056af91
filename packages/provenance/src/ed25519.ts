import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'

/**
 * The y coordinates of the points of small order, without the sign of x: 0, 1, -1, the two of order 8, and 0 and 1 as p and p + 1.
 * Multiplied by 8 each gives the neutral element.
 */
const smallOrders: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

/**
 * Whether a public key is a point of small order. Nobody has the secret of such a key, and without one there are signatures that
 * verify under it for any message: it says nothing of who signed.
 *
 * @param keyId `ed25519:` and the 64 hex digits of the public key
 */
export function isSmallOrder(keyId: string): boolean {
  const bytes = hexToBytes(keyId.slice('ed25519:'.length))
  bytes[31] = (bytes[31] ?? 0) & 0x7f
  return smallOrders.has(bytesToHex(bytes))
}

/**
 * Whether a signature (64 bytes, RFC 8032) is that of a key over a message. WebCrypto does it, in Node and in browsers.
 * Under a key of small order nothing holds.
 *
 * @param keyId `ed25519:` and the 64 hex digits of the public key
 */
export async function verifyEd25519(
  keyId: string,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (signature.length !== 64 || isSmallOrder(keyId)) return false
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
