import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchError } from '@mate-bench/schema'
import type { PublishedFile, PublishedMember } from '../dataset.ts'
import { readBytes } from './bytes.ts'
import { type Mismatch, mismatchOfBytes, mismatchOfFile, publishedChecksum } from './checksum.ts'
import { gunzipMember, unpackTarGz } from './unpack.ts'

export async function fileExists(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}

/** How a published file lies in a folder: as it was published, as its unpacked members, or not (all) there. */
export type Located =
  | { readonly form: 'packed'; readonly path: string }
  | { readonly form: 'members'; readonly paths: ReadonlyMap<PublishedMember, string> }
  | { readonly form: 'missing' }

/** Members count only where each has a checksum of its own: without the archive nothing else vouches for them. */
export async function locate(file: PublishedFile, folder: string): Promise<Located> {
  const path = join(folder, file.name)
  if (await fileExists(path)) return { form: 'packed', path }
  const paths = new Map<PublishedMember, string>()
  for (const member of file.members) {
    const memberPath = join(folder, member.name)
    if (publishedChecksum(member) && (await fileExists(memberPath))) paths.set(member, memberPath)
  }
  return paths.size > 0 && paths.size === file.members.length
    ? { form: 'members', paths }
    : { form: 'missing' }
}

/**
 * How a file in the published form differs from the published one. A gzip file counts as the same when what
 * it holds is the same: distributions pack it again without its name and date.
 */
export async function mismatchOfPacked(file: PublishedFile, path: string): Promise<Mismatch | undefined> {
  const [member] = file.members
  if (file.packing === 'gzip' && member) {
    const content = await gunzipMember(await readBytes(path), member).catch(() => undefined)
    if (content && !mismatchOfBytes(member, content)) return undefined
  }
  return mismatchOfFile(file, path)
}

/** Called with the path that differs; what it returns is thrown. */
export type OnMismatch = (path: string, mismatch: Mismatch) => BenchError

/**
 * The verified contents of a located file, by member name.
 *
 * @throws what `onMismatch` makes of the first file that differs; BenchError `bad-input` for a broken archive
 */
export async function readLocated(
  file: PublishedFile,
  located: Exclude<Located, { form: 'missing' }>,
  onMismatch: OnMismatch,
): Promise<Map<string, Uint8Array>> {
  if (located.form === 'members') {
    const contents = new Map<string, Uint8Array>()
    for (const [member, path] of located.paths) {
      const content = await readBytes(path)
      const mismatch = mismatchOfBytes(member, content)
      if (mismatch) throw onMismatch(path, mismatch)
      contents.set(member.name, content)
    }
    return contents
  }
  const [member] = file.members
  if (file.packing === 'gzip' && member) return readGzip(file, member, located.path, onMismatch)
  const mismatch = await mismatchOfFile(file, located.path)
  if (mismatch) throw onMismatch(located.path, mismatch)
  return unpackTarGz(located.path, file)
}

async function readGzip(
  file: PublishedFile,
  member: PublishedMember,
  path: string,
  onMismatch: OnMismatch,
): Promise<Map<string, Uint8Array>> {
  const packed = await readBytes(path)
  const packedMismatch = mismatchOfBytes(file, packed)
  const content = await gunzipMember(packed, member).catch((error: unknown) => {
    throw packedMismatch ? onMismatch(path, packedMismatch) : error
  })
  const mismatch = mismatchOfBytes(member, content)
  if (mismatch) throw onMismatch(path, packedMismatch ?? mismatch)
  return new Map([[member.name, content]])
}
