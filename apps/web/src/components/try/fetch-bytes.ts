import { digestBytes } from '@mate-bench/provenance'
import { BenchError } from '@mate-bench/schema'

/**
 * Fetches a file of this site.
 * @throws BenchError `storage` where it does not come
 */
export async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url).catch(() => undefined)
  if (response?.ok) return new Uint8Array(await response.arrayBuffer())
  throw new BenchError({
    code: 'storage',
    message: `${nameOf(url)} could not be loaded (${response ? response.status : 'no answer'}).`,
    hint: 'Reload the page to try again.',
  })
}

/**
 * A gzipped file, unpacked and held to the digest of what is in it.
 * @param sha256 hex
 * @throws BenchError `storage`, `checksum-mismatch`
 */
export async function fetchUnpacked(url: string, sha256: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await fetchBytes(url)
  // Some servers say that a .gz file is encoded, and the browser then unpacks it by itself.
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b
  const unpacked = isPacked
    ? new Uint8Array(
        await new Response(
          new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')),
        ).arrayBuffer(),
      )
    : bytes
  const found = digestBytes(unpacked)
  if (found === `sha256:${sha256}`) return unpacked
  throw new BenchError({
    code: 'checksum-mismatch',
    message: `${nameOf(url)} is another file: expected sha256:${sha256}, found ${found}.`,
    hint: 'Reload the page. If that does not help, the site or something between you and the site alters its files.',
  })
}

function nameOf(url: string): string {
  return url.split('/').at(-1) ?? url
}
