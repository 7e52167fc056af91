import { randomUUID } from 'node:crypto'
import { copyFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import type { Dataset, PublishedFile, PublishedMember } from '../dataset.ts'
import { readBytes } from './bytes.ts'
import { checksumMismatch, mismatchOfBytes, publishedChecksum } from './checksum.ts'
import { type DatasetReference, datasetFolder, defaultDataFolder, resolveDataset } from './data-folder.ts'
import { withFolderLock } from './folder-lock.ts'
import { allPresent, type Brought, type BroughtFile, isPresent, verifyBundled } from './present-files.ts'
import { fileExists, mismatchOfPacked } from './read-published.ts'
import { storageErrorFrom } from './storage-error.ts'
import { gunzipMember } from './unpack.ts'

export interface AddOptions {
  /** Folder with the published files, or with what is inside them, gzipped or not; or an archive of pictures itself. */
  readonly from: string
  /** @default `defaultDataFolder()` */
  readonly dataFolder?: string
}

const notPublished = 'This is not the published file: get it again. Nothing was changed in the folder.'

/**
 * Copies a dataset's files from a folder of the user's, each verified. The folder is only read.
 *
 * @throws BenchError `bad-input` when `from` is no folder, `not-found` when it lacks a file,
 *   `checksum-mismatch` with the file, what was expected and what was found, `storage`
 */
export async function addDataset(reference: DatasetReference, opts: AddOptions): Promise<Brought> {
  const dataset = resolveDataset(reference)
  const folder = datasetFolder(dataset, opts.dataFolder ?? defaultDataFolder())
  if (dataset.bundled) return { folder, files: await verifyBundled(dataset, folder) }
  const source = await stat(opts.from).catch(() => undefined)
  const isPackedFile = source?.isFile() === true && dataset.files.some(({ members }) => members.length === 0)
  if (!source?.isDirectory() && !isPackedFile) {
    throw new BenchError({ code: 'bad-input', message: `${opts.from} is not a folder.`, path: opts.from })
  }
  const present = await allPresent(dataset, folder)
  if (present) return { folder, files: present }
  const files = await withFolderLock(folder, async () => {
    const added: BroughtFile[] = []
    for (const file of dataset.files) {
      const { from } = opts
      added.push(await (isPackedFile ? addArchive(dataset, file, from, folder) : addFile(file, from, folder)))
    }
    return added
  })
  return { folder, files }
}

async function addFile(file: PublishedFile, from: string, folder: string): Promise<BroughtFile> {
  if (await isPresent(file, folder)) return { name: file.name, state: 'present' }
  const packed = join(from, file.name)
  const unpacked = await unpackedUnder(packed, file)
  if (unpacked) {
    await addMember(unpacked, packed, join(folder, unpacked.name))
    return { name: file.name, state: 'added' }
  }
  if (await fileExists(packed)) {
    await addPacked(file, packed, folder)
    return { name: file.name, state: 'added' }
  }
  const sources = new Map<PublishedMember, string>()
  for (const member of file.members) {
    const source = await findMember(member, from)
    if (source && publishedChecksum(member)) sources.set(member, source)
  }
  if (file.members.length === 0 || sources.size < file.members.length) throw lacking(file, from)
  for (const [member, source] of sources) await addMember(member, source, join(folder, member.name))
  return { name: file.name, state: 'added' }
}

/** From a path that is the archive itself, whatever its name where there is one only. */
async function addArchive(
  dataset: Dataset,
  file: PublishedFile,
  path: string,
  folder: string,
): Promise<BroughtFile> {
  if (await isPresent(file, folder)) return { name: file.name, state: 'present' }
  if (dataset.files.length > 1 && basename(path) !== file.name) throw lacking(file, path)
  await addPacked(file, path, folder)
  return { name: file.name, state: 'added' }
}

async function addPacked(file: PublishedFile, packed: string, folder: string): Promise<void> {
  await place(join(folder, file.name), async (temporary) => {
    await copyFile(packed, temporary)
    // The copy is what is kept, so the copy is what is checked.
    const mismatch = await mismatchOfPacked(file, temporary)
    if (mismatch) throw checksumMismatch(packed, mismatch, notPublished)
  })
}

async function addMember(member: PublishedMember, source: string, target: string): Promise<void> {
  const bytes = await readBytes(source)
  const content = startsAsGzip(bytes) ? await gunzipMember(bytes, member) : bytes
  const mismatch = mismatchOfBytes(member, content)
  if (mismatch) throw checksumMismatch(source, mismatch, notPublished)
  await place(target, (temporary) => writeFile(temporary, content))
}

/**
 * Where a member lies in the user's folder: at the top or under its path in the archive, gzipped or not. Its content is
 * checked, so its name may be what other programs made of it: 7-Zip and WinZip unpack `train-images-idx3-ubyte.gz` to
 * `train-images.idx3-ubyte`.
 */
async function findMember(member: PublishedMember, from: string): Promise<string | undefined> {
  const dotted = member.name.replace(/-(?=idx\d)/, '.')
  const places = [member.name, member.path ?? member.name, dotted].map((name) => join(from, name))
  for (const path of places.flatMap((path) => [path, `${path}.gz`])) {
    if (await fileExists(path)) return path
  }
  return undefined
}

/** What the first bytes say, whatever the name: some browsers unpack a `.gz` and leave its name. */
function startsAsGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** The member that lies unpacked under the name of its packed file; undefined for anything else. */
async function unpackedUnder(path: string, file: PublishedFile): Promise<PublishedMember | undefined> {
  const [member] = file.members
  if (file.packing !== 'gzip' || !member || !publishedChecksum(member)) return undefined
  const size = await stat(path).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  )
  if (size !== member.bytes) return undefined
  return mismatchOfBytes(member, await readBytes(path)) ? undefined : member
}

/** Writes under a temporary name and renames, so that a file is there whole or not at all. */
async function place(target: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${target}.${randomUUID()}.tmp`
  try {
    await write(temporary)
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw storageErrorFrom(error, target)
  }
}

function lacking(file: PublishedFile, from: string): BenchError {
  const members = file.members.filter(publishedChecksum).map((member) => member.name)
  const orMembers =
    members.length > 0 && members.length === file.members.length ? `, nor all of ${members.join(', ')}` : ''
  return new BenchError({
    code: 'not-found',
    message: `${from} does not hold ${file.name}${orMembers}.`,
    path: from,
    hint: file.urls[0] ? `It is published at ${file.urls[0]}` : undefined,
  })
}
