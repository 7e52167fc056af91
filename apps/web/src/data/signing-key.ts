import { linkedSigningKey } from '@mate-bench/cloud/linked-signing-key'
import { findSigningKey, type SigningKey } from '@mate-bench/harness/signing'

let found: Promise<SigningKey | undefined> | undefined

/** The key that signs the heads of this site's ledger; without one they are served unsigned. */
export function getSigningKey(): Promise<SigningKey | undefined> {
  found ??= linkedSigningKey()
    .then((linked) => findSigningKey(linked === undefined ? process.env : { MATE_BENCH_SIGNING_KEY: linked }))
    .catch((thrown: unknown) => {
      found = undefined
      throw thrown
    })
  return found
}
