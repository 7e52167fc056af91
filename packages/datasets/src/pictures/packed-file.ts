import { createHash } from 'node:crypto'
import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import { z } from 'zod'
import type { Decoder, PackedImages, PicturesDataset } from '../dataset.ts'
import { errorCode } from '../files/storage-error.ts'

export const packedFiles = { pixels: 'images.bin', index: 'index.json' } as const

const count = z.int().min(0)
const side = z.int().min(1).max(65_535)
const table = z.strictObject({
  offsets: z.array(count),
  heights: z.array(side),
  widths: z.array(side),
  labels: z.array(z.int().min(0).max(65_535)),
})

/** `index.json`: what the pixels are of, how they were made, and where each image lies. */
export const packedIndexSchema = z.strictObject({
  format: z.literal('mate-bench-packed'),
  version: z.literal(1),
  shortSide: side,
  cropBottom: count,
  decoder: z.record(z.string(), z.string()),
  /** The files that the pictures came out of. */
  sources: z.array(
    z.strictObject({ name: z.string(), bytes: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
  classes: z.array(z.string()),
  bytes: count,
  /** SHA-256 over all images in dataset order, training first: height, width and label as little-endian uint32, then the pixels. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  train: table,
  test: table,
})

export type PackedIndex = z.output<typeof packedIndexSchema>
export type PackedTable = PackedIndex['train']

export interface OpenedPack {
  readonly index: PackedIndex
  readonly train: PackedImages
  readonly test: PackedImages
}

/** Name of the folder for a size and decoder: what was packed otherwise is left alone. */
export function packedFolder(datasetFolder: string, shortSide: number, decoder: Decoder): string {
  const key = createHash('sha256')
    .update(JSON.stringify(Object.entries(decoder).sort()))
    .digest('hex')
  return join(datasetFolder, `packed-${shortSide}-${key.slice(0, 8)}`)
}

/** Whether a dataset's pictures were packed, by whichever decoder. */
export async function isPacked(dataset: PicturesDataset, datasetFolder: string): Promise<boolean> {
  const names = await readdir(datasetFolder).catch(() => [])
  const { shortSide } = dataset.pictures
  const pattern = new RegExp(`^packed-${shortSide}-[0-9a-f]{8}$`)
  return names.some((name) => pattern.test(name))
}

/** The index of a packed folder; undefined where there is none. @throws BenchError `bad-input` for a damaged one */
export async function readPackedIndex(folder: string): Promise<PackedIndex | undefined> {
  const path = join(folder, packedFiles.index)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return undefined
    throw thrown
  }
  const parsed = packedIndexSchema.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  throw damaged(path, 'its index does not parse')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Opens a packed folder. Every image is held to the index's checksum, read as a stream.
 *
 * @throws BenchError `bad-input` where index and pixels do not fit
 */
export async function openPack(
  folder: string,
  index: PackedIndex,
  onAlive?: () => void,
): Promise<OpenedPack> {
  const file = join(folder, packedFiles.pixels)
  const sha256 = await digestPack(file, [index.train, index.test], (_pixels, _table, row) => {
    if (row % 256 === 0) onAlive?.()
  })
  if (sha256 !== index.sha256) throw damaged(file, `its sha256 is ${sha256}, expected ${index.sha256}`)
  return { index, train: packedImages(file, index.train), test: packedImages(file, index.test) }
}

/** The table in memory that threads share. */
function packedImages(file: string, rows: PackedTable): PackedImages {
  const images = rows.offsets.length
  const offsets = new Float64Array(new SharedArrayBuffer(8 * images))
  const heights = new Uint16Array(new SharedArrayBuffer(2 * images))
  const widths = new Uint16Array(new SharedArrayBuffer(2 * images))
  const labels = new Uint16Array(new SharedArrayBuffer(2 * images))
  offsets.set(rows.offsets)
  heights.set(rows.heights)
  widths.set(rows.widths)
  labels.set(rows.labels)
  return { packed: { file, offsets, heights, widths }, labels }
}

/**
 * The checksum of packed images in dataset order.
 *
 * @param check given each image's own pixels, may throw
 * @throws BenchError `bad-input` where the file ends before an image does, or rows of the tables do not match
 */
export async function digestPack(
  file: string,
  tables: readonly PackedTable[],
  check?: (pixels: Uint8Array, table: number, row: number) => void,
): Promise<string> {
  const hash = createHash('sha256')
  const head = Buffer.alloc(12)
  let pixels = Buffer.alloc(1 << 20)
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw errorCode(cause) === 'ENOENT' ? damaged(file, 'it is not there') : cause
  })
  try {
    for (const [t, { offsets, heights, widths, labels }] of tables.entries()) {
      if ([heights, widths, labels].some(({ length }) => length !== offsets.length)) {
        throw damaged(file, 'the columns of its index have different lengths')
      }
      for (let i = 0; i < offsets.length; i++) {
        const [height = 0, width = 0, label = 0] = [heights[i], widths[i], labels[i]]
        const bytes = height * width * 3
        if (bytes > pixels.length) pixels = Buffer.alloc(bytes)
        const { bytesRead } = await handle.read(pixels, 0, bytes, offsets[i] ?? 0)
        if (bytesRead < bytes)
          throw damaged(file, `it ends within an image, after ${bytesRead} of ${bytes} bytes`)
        head.writeUInt32LE(height, 0)
        head.writeUInt32LE(width, 4)
        head.writeUInt32LE(label, 8)
        const content = pixels.subarray(0, bytes)
        check?.(content, t, i)
        hash.update(head).update(content)
      }
    }
  } finally {
    await handle.close()
  }
  return hash.digest('hex')
}

function damaged(path: string, why: string): BenchError {
  return new BenchError({
    code: 'bad-input',
    message: `${path} is damaged: ${why}.`,
    path,
    hint: 'Delete this folder and prepare the dataset again with `mate-bench data prepare` or `data add`.',
  })
}
