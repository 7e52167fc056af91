import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import type { ArrangedPicture, ArrangedPictures } from '../dataset.ts'
import { errorCode, storageErrorFrom } from '../files/storage-error.ts'
import type { InspectedPicture, Picture, PictureDecoder, Resizing } from './decoder.ts'
import { digestPack, type PackedIndex, type PackedTable, packedFiles } from './packed-file.ts'

/** A picture as it was found. */
export interface FoundPicture {
  readonly path: string
  readonly bytes: Uint8Array
}

/** All pictures, always in the same order, without those that are not wanted. */
export type FindPictures = (isWanted: (path: string) => boolean) => AsyncIterable<FoundPicture>

export interface PackProgress {
  readonly phase: 'packing' | 'sealing'
  readonly images: number
  /** Undefined where nobody knows before the end. */
  readonly totalImages: number | undefined
}

type Arranged = ArrangedPictures & { readonly classes: readonly string[] }

export interface PackOptions {
  /** Has its name when it is complete; until then it has `.partial` behind it. */
  readonly folder: string
  readonly decoder: PictureDecoder
  readonly resizing: Resizing
  readonly sources: PackedIndex['sources']
  readonly find: FindPictures
  readonly totalImages?: number | undefined
  /** Called when all pictures were seen: classes, and what belongs to them in dataset order. */
  readonly arrange: () => Arranged | Promise<Arranged>
  readonly onProgress?: ((progress: PackProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Decoded pixels are written through to the disk, and noted as done, after so many bytes. */
const bytesBetweenSyncs = 32 << 20
/** What pictures that are being decoded may take of memory, as pixels of their full size. */
const pixelsAtOnce = 24_000_000

/** A line of the journal: an image that is in the pixel file, behind the one of the line before. */
interface Packed {
  readonly path: string
  readonly height: number
  readonly width: number
  /** SHA-256 of its pixels, hex. */
  readonly sha256: string
}

/**
 * Decodes pictures by several threads, resizes them, and packs them into one file; goes on where an earlier call stopped.
 * Memory does not grow with the number of pictures but for a line of the index each.
 *
 * @throws BenchError `bad-input` naming a picture that can't be used or is missing, `storage`, `interrupted`
 */
export async function packPictures(options: PackOptions): Promise<void> {
  const { folder, signal } = options
  const partial = `${folder}.partial`
  try {
    await mkdir(partial, { recursive: true })
    const journal = await takeUp(partial, options)
    const pixels = await open(join(partial, packedFiles.pixels), 'r+')
    const lines = await open(join(partial, 'journal.jsonl'), 'a')
    try {
      await decodeAll(options, journal, pixels, lines)
    } finally {
      await pixels.close()
      await lines.close()
    }
    if (signal?.aborted) throw interrupted(partial)
    options.onProgress?.({ phase: 'sealing', images: journal.size, totalImages: options.totalImages })
    const index = await seal(options, journal, join(partial, packedFiles.pixels))
    // On the disk before the folder has its name: it would be taken for whole without its index.
    await writeFile(join(partial, packedFiles.index), `${JSON.stringify(index)}\n`, { flush: true })
    await rename(partial, folder)
    // Last, since without it an interrupted call would begin anew.
    await rm(join(folder, 'journal.jsonl'), { force: true })
  } catch (thrown) {
    throw thrown instanceof BenchError ? thrown : storageErrorFrom(thrown, partial)
  }
}

/** What an earlier call packed, by path in the order of the file, which is cut behind it. Another job's is thrown away. */
async function takeUp(partial: string, options: PackOptions): Promise<Map<string, Packed>> {
  const head = JSON.stringify({
    version: 1,
    resizing: options.resizing,
    decoder: options.decoder.versions,
    sources: options.sources,
  })
  const path = join(partial, 'journal.jsonl')
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return ''
    throw error
  })
  const [found, ...lines] = text.split('\n')
  const packed = new Map<string, Packed>()
  let bytes = 0
  let whole = `${head}\n`
  const handle = await open(join(partial, packedFiles.pixels), 'a')
  try {
    const { size } = await handle.stat()
    // The last piece has no line break: nothing, or a line that was cut.
    for (const line of found === head ? lines.slice(0, -1) : []) {
      const row = rowOf(line)
      const end = bytes + (row ? row.height * row.width * 3 : 0)
      // What is noted beyond the file's end was lost, by a disk that was full or a machine without power.
      if (!row || end > size) break
      packed.set(row.path, row)
      bytes = end
      whole += `${line}\n`
    }
    await writeFile(path, whole)
    await handle.truncate(bytes)
  } finally {
    await handle.close()
  }
  return packed
}

function rowOf(line: string): Packed | undefined {
  try {
    return JSON.parse(line) as Packed
  } catch {
    return undefined
  }
}

/** All of `content`: where a disk fills up, a write takes what still fits and says so by its count alone. */
export async function writeWhole(
  file: Pick<FileHandle, 'write'>,
  content: Uint8Array,
  position: number,
): Promise<void> {
  for (let written = 0; written < content.length; ) {
    const { bytesWritten } = await file.write(content, written, content.length - written, position + written)
    written += bytesWritten
  }
}

async function decodeAll(
  options: PackOptions,
  journal: Map<string, Packed>,
  pixels: FileHandle,
  lines: FileHandle,
): Promise<void> {
  const { decoder, resizing, signal } = options
  const atOnce = Math.max(2, Math.min(16, availableParallelism()))
  let position = [...journal.values()].reduce((sum, { height, width }) => sum + height * width * 3, 0)
  let unsynced: string[] = []
  let unsyncedBytes = 0
  const sync = async () => {
    if (unsynced.length === 0) return
    await pixels.datasync()
    await lines.appendFile(unsynced.join(''))
    await lines.datasync()
    unsynced = []
    unsyncedBytes = 0
  }
  const write = async (path: string, { pixels: content, height, width }: Picture) => {
    await writeWhole(pixels, content, position)
    position += content.length
    const row: Packed = { path, height, width, sha256: createHash('sha256').update(content).digest('hex') }
    journal.set(path, row)
    unsynced.push(`${JSON.stringify(row)}\n`)
    unsyncedBytes += content.length
    options.onProgress?.({ phase: 'packing', images: journal.size, totalImages: options.totalImages })
    if (unsyncedBytes >= bytesBetweenSyncs) await sync()
  }
  // In the order of the source: the oldest is awaited when the window is full.
  const window: { path: string; picture: InspectedPicture; decoded: Promise<Picture> }[] = []
  const writeOldest = async () => {
    const oldest = window.shift()
    if (oldest) await write(oldest.path, await oldest.decoded)
  }
  const pixelsInWindow = () => window.reduce((sum, { picture }) => sum + picture.pixels, 0)
  try {
    for await (const { path, bytes } of options.find((candidate) => !journal.has(candidate))) {
      if (signal?.aborted) break
      const picture = await decoder.inspect(bytes, path, resizing)
      while (
        window.length >= atOnce ||
        (window.length > 0 && pixelsInWindow() + picture.pixels > pixelsAtOnce)
      ) {
        await writeOldest()
      }
      const decoded = picture.decode()
      decoded.catch(() => {}) // told when its turn comes
      window.push({ path, picture, decoded })
    }
    while (window.length > 0) await writeOldest()
  } finally {
    await Promise.allSettled(window.map(({ decoded }) => decoded))
    await sync()
  }
}

/** The index, with every image read back and held to what was decoded. */
async function seal(options: PackOptions, journal: Map<string, Packed>, file: string): Promise<PackedIndex> {
  const { classes, ...splits } = await options.arrange()
  const offsets = new Map<string, number>()
  let bytes = 0
  for (const { path, height, width } of journal.values()) {
    offsets.set(path, bytes)
    bytes += height * width * 3
  }
  const digests: string[][] = []
  const tabulate = (pictures: readonly ArrangedPicture[]): PackedTable => {
    const table: PackedTable = { offsets: [], heights: [], widths: [], labels: [] }
    const sums: string[] = []
    for (const { path, label } of pictures) {
      const row = journal.get(path)
      const offset = offsets.get(path)
      if (row === undefined || offset === undefined) throw missing(path)
      table.offsets.push(offset)
      table.heights.push(row.height)
      table.widths.push(row.width)
      table.labels.push(label)
      sums.push(row.sha256)
    }
    digests.push(sums)
    return table
  }
  const train = tabulate(splits.train)
  const test = tabulate(splits.test)
  const sha256 = await digestPack(file, [train, test], (pixels, table, row) => {
    if (createHash('sha256').update(pixels).digest('hex') === digests[table]?.[row]) return
    throw new BenchError({
      code: 'storage',
      message: `${file} does not hold what was written to it.`,
      path: file,
      hint: 'Delete its folder and try again; check the disk.',
    })
  })
  return {
    format: 'mate-bench-packed',
    version: 1,
    ...options.resizing,
    decoder: { ...options.decoder.versions },
    sources: [...options.sources],
    classes: [...classes],
    bytes,
    sha256,
    train,
    test,
  }
}

function missing(path: string): BenchError {
  return new BenchError({
    code: 'bad-input',
    message: `The picture ${path} is listed, but not there.`,
    path,
    hint: 'The archive or folder is not complete: get it again.',
  })
}

function interrupted(path: string): BenchError {
  return new BenchError({
    code: 'interrupted',
    message: 'Stopped while pictures were being packed.',
    path,
    hint: 'Run the command again: it goes on where it stopped.',
  })
}
