/**
 * A SHA-256 digest as people write it, with or without `sha256:`, also percent-encoded as an address has it.
 *
 * @returns with `sha256:`; undefined for what is none
 */
export function parseDigest(text: string): string | undefined {
  const [, hex] = /^(?:sha256(?::|%3a))?([0-9a-f]{64})$/i.exec(text) ?? []
  return hex === undefined || hex !== hex.toLowerCase() ? undefined : `sha256:${hex}`
}
