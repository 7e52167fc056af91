import { BenchError } from '@mate-bench/schema'

/** 64 lower-case hex digits, checked: the only way to name an artifact, so that no path can be smuggled in. */
export type Sha256 = string & { readonly brand: unique symbol }

export interface StoredArtifact {
  readonly bytes: number
}

/**
 * Where the files of runs are kept, each under the digest of its bytes. The same bytes are kept once, and what was
 * put is never changed.
 */
export interface ArtifactStore {
  /** For people. */
  readonly where: string
  /** Keeps the bytes and says their digest; does nothing where they are there already. */
  put(bytes: Uint8Array, mediaType: string): Promise<Sha256>
  /**
   * The bytes, held to their digest.
   * @throws BenchError `data-missing`, `checksum-mismatch` for bytes that were damaged, `storage`
   */
  get(sha256: Sha256): Promise<Uint8Array>
  /** Whether it is there, without its bytes. */
  head(sha256: Sha256): Promise<StoredArtifact | undefined>
  /** Where anybody can fetch it without us, if there is such a place. */
  url?(sha256: Sha256): string
}

/** @throws BenchError `bad-input` for anything but 64 lower-case hex digits */
export function parseSha256(text: string): Sha256 {
  if (isSha256(text)) return text
  throw new BenchError({
    code: 'bad-input',
    message: 'An artifact is named by the 64 lower-case hex digits of its SHA-256.',
    path: text.slice(0, 80),
  })
}

function isSha256(text: string): text is Sha256 {
  return /^[0-9a-f]{64}$/.test(text)
}

/** Where an artifact lies: `sha256/ab/ab12…`. Two digits of fan-out keep folders small. */
export function artifactKey(sha256: Sha256): string {
  return `sha256/${sha256.slice(0, 2)}/${sha256}`
}

export function artifactNotFound(sha256: Sha256, where: string): BenchError {
  return new BenchError({
    code: 'data-missing',
    message: `The artifact ${sha256} is not in ${where}.`,
    path: sha256,
    hint: 'Publish its run again from the run folder, or point MATE_BENCH_ARTIFACTS at where it is.',
  })
}

export function artifactDamaged(sha256: Sha256, found: string, where: string): BenchError {
  return new BenchError({
    code: 'checksum-mismatch',
    message: `The artifact ${sha256} in ${where} is damaged: its bytes have the digest ${found}.`,
    path: sha256,
    hint: 'Delete that file and publish its run again from the run folder.',
  })
}
