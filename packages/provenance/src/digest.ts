import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonicalJson } from './canonical.ts'

/** `sha256:` and 64 lower-case hex digits. */
export type Digest = `sha256:${string}`

/** Digest of raw bytes. */
export function digestBytes(bytes: Uint8Array): Digest {
  return `sha256:${bytesToHex(sha256(bytes))}`
}

/** Digest of a JSON value: SHA-256 over its canonical form (RFC 8785) in UTF-8. */
export function digestJson(value: unknown): Digest {
  return digestBytes(utf8ToBytes(canonicalJson(value)))
}

/** Digest of a list of image positions: SHA-256 over little-endian uint32. */
export function digestIndices(indices: Uint32Array): Digest {
  const bytes = new Uint8Array(indices.length * 4)
  const view = new DataView(bytes.buffer)
  indices.forEach((index, i) => {
    view.setUint32(i * 4, index, true)
  })
  return digestBytes(bytes)
}
