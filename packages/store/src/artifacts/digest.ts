import { createHash } from 'node:crypto'
import { parseSha256, type Sha256 } from './artifact-store.ts'

/** SHA-256 by the operating system's library: models are large, and this is on a server. */
export function sha256Of(bytes: Uint8Array): Sha256 {
  return parseSha256(createHash('sha256').update(bytes).digest('hex'))
}
