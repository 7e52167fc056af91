import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'

/** PKCS #8 around the 32 bytes of an Ed25519 seed (RFC 8410, section 7). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')

function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' })
}

/** `ed25519:` and the 64 hex digits of the public key. */
export function keyOfSeed(seed: Uint8Array): string {
  const { x = '' } = createPublicKey(privateKeyOf(seed)).export({ format: 'jwk' })
  return `ed25519:${Buffer.from(x, 'base64url').toString('hex')}`
}

/** Ed25519 (RFC 8032): the same message and key always give the same 64 bytes. */
export function signBytes(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return Uint8Array.from(sign(null, message, privateKeyOf(seed)))
}
