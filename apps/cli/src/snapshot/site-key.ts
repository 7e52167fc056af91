import { findSigningKey, type SigningKey } from '@mate-bench/harness/signing'

/**
 * The key that signs a snapshot's head: the one that was handed over as the site's. The key file of whoever takes the snapshot is
 * their own, and would make the head look like another ledger's.
 */
export function siteKey(
  env: Readonly<Record<string, string | undefined>> = process.env,
): SigningKey | undefined {
  return env.MATE_BENCH_SIGNING_KEY ? findSigningKey(env) : undefined
}
