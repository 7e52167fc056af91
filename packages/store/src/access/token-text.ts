import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A token as its owner holds it: `mb_<id>_<secret>`. The id finds the row, the secret proves the right to it. */
export interface TokenText {
  /** 12 hex digits; no secret. */
  readonly id: string
  /** 256 bits, base64url. */
  readonly secret: string
}

/** A new token, from the system's source of randomness. */
export function newTokenText(): TokenText {
  return { id: randomBytes(6).toString('hex'), secret: randomBytes(32).toString('base64url') }
}

/** As its owner keeps it: `mb_ID_SECRET`, which `parseToken` takes apart. */
export function formatToken({ id, secret }: TokenText): string {
  return `mb_${id}_${secret}`
}

/** Undefined for anything that can be no token of ours. */
export function parseToken(text: string): TokenText | undefined {
  const [, id, secret] = /^mb_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/.exec(text) ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

/** One SHA-256: the secret has 256 bits of randomness, so there is nothing to guess that a slow hash would slow. */
export function hashSecret(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest()
}

/** In constant time. */
export function secretMatches(secret: string, hash: Uint8Array): boolean {
  const given = hashSecret(secret)
  return given.length === hash.length && timingSafeEqual(given, hash)
}
