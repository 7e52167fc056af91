import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { BenchError } from '@mate-bench/schema'

/** Size and checksums as published; SHA-256 is used where there is one, else MD5. */
export interface ExpectedContent {
  readonly bytes: number
  readonly sha256?: string
  readonly md5?: string
}

/** What tells one content from another: `1234 bytes` or `sha256 ab12...`. */
export interface Mismatch {
  readonly expected: string
  readonly found: string
}

type Algorithm = 'sha256' | 'md5'

export function hashBytes(bytes: Uint8Array, algorithm: Algorithm = 'sha256'): string {
  return createHash(algorithm).update(bytes).digest('hex')
}

async function hashFile(path: string, algorithm: Algorithm): Promise<{ bytes: number; hex: string }> {
  const hash = createHash(algorithm)
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, hex: hash.digest('hex') }
}

/** The checksum to hold a content to; undefined where none is published. */
export function publishedChecksum(
  expected: ExpectedContent,
): { algorithm: Algorithm; hex: string } | undefined {
  if (expected.sha256) return { algorithm: 'sha256', hex: expected.sha256 }
  if (expected.md5) return { algorithm: 'md5', hex: expected.md5 }
  return undefined
}

/** How a content of so many bytes differs from what was published; its checksum is asked for only where the size fits. */
export function compareContent(
  expected: ExpectedContent,
  bytes: number,
  hexOf: (algorithm: Algorithm) => string,
): Mismatch | undefined {
  if (bytes !== expected.bytes) return { expected: `${expected.bytes} bytes`, found: `${bytes} bytes` }
  const checksum = publishedChecksum(expected)
  if (!checksum) return undefined
  const hex = hexOf(checksum.algorithm)
  if (hex === checksum.hex) return undefined
  return { expected: `${checksum.algorithm} ${checksum.hex}`, found: `${checksum.algorithm} ${hex}` }
}

/** How the bytes differ from what was published; undefined when they do not. */
export function mismatchOfBytes(expected: ExpectedContent, bytes: Uint8Array): Mismatch | undefined {
  return compareContent(expected, bytes.length, (algorithm) => hashBytes(bytes, algorithm))
}

/** How a file differs from what was published; undefined when it does not. Reads it as a stream. */
export async function mismatchOfFile(expected: ExpectedContent, path: string): Promise<Mismatch | undefined> {
  const { bytes, hex } = await hashFile(path, publishedChecksum(expected)?.algorithm ?? 'sha256')
  return compareContent(expected, bytes, () => hex)
}

/** The error for a file that is not the published one: names the file, what was expected, what was found. */
export function checksumMismatch(path: string, { expected, found }: Mismatch, hint: string): BenchError {
  return new BenchError({
    code: 'checksum-mismatch',
    message: `${path} is not the file that was published: expected ${expected}, found ${found}.`,
    path,
    hint,
  })
}
