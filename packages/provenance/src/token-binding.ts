import { BenchError, payloadTypes, type TokenBinding, tokenBindingSchema } from '@mate-bench/schema'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { canonicalJson } from './canonical.ts'
import { digestBytes } from './digest.ts'
import { openEnvelope } from './envelope.ts'

/** A token's text, which goes no further than its digest, and the host of the site that it is for. */
export interface BoundToken {
  readonly token: string
  readonly site: string
}

/** The bytes that are signed to bind a token to a key. */
export function bindingBytes({ token, site }: BoundToken): Uint8Array {
  const binding: TokenBinding = { version: 1, tokenDigest: digestBytes(utf8ToBytes(token)), site }
  return utf8ToBytes(canonicalJson(binding))
}

/**
 * Holds a binding to the token and the site that it should be of.
 *
 * @param envelope parsed JSON, of anybody
 * @returns whose signature it is
 * @throws BenchError `verification-failed` for one that does not hold or is of another token or site, `bad-input`
 */
export async function verifyBinding(envelope: unknown, expected: BoundToken): Promise<string> {
  const { keyId, payload } = await openEnvelope(envelope, payloadTypes.binding)
  const bytes = bindingBytes(expected)
  if (payload.length === bytes.length && payload.every((byte, i) => byte === bytes[i])) return keyId
  const site = siteOf(payload)
  throw new BenchError({
    code: 'verification-failed',
    message:
      site === undefined || site === expected.site
        ? 'The binding is of another token.'
        : `The binding is for the site ${site}; this is ${expected.site}.`,
    hint: `Use https://${expected.site}. If that is not the site’s address, whoever runs the site has to set MATE_BENCH_URL.`,
  })
}

function siteOf(payload: Uint8Array): string | undefined {
  try {
    return tokenBindingSchema.parse(JSON.parse(new TextDecoder().decode(payload))).site
  } catch {
    return undefined
  }
}
