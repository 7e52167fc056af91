/**
 * Draws the first test images of each class of fashion-mnist-mini, a row a class, as a grey PNG:
 *
 *   npx tsx apps/web/scripts/make-sample-sheet.ts
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { openDataset } from '@mate-bench/datasets'
import { datasetOptions } from '@mate-bench/datasets/registry'

const perClass = 16
const scale = 2

const { testSet, imageShape, classes } = await openDataset(
  datasetOptions.parse({ name: 'fashion-mnist-mini' }),
)
if (!('images' in testSet)) throw new Error('These images are in a file.')
const { images: bytes } = testSet
const [height, width] = imageShape
const sheet = { width: perClass * width * scale, height: classes.length * height * scale }
const pixels = new Uint8Array(sheet.width * sheet.height)
for (const label of classes.keys()) {
  const images = Array.from(testSet.labels.keys())
    .filter((i) => testSet.labels[i] === label)
    .slice(0, perClass)
  for (const [column, image] of images.entries()) {
    for (let y = 0; y < height * scale; y++) {
      for (let x = 0; x < width * scale; x++) {
        const source = (image * height + Math.floor(y / scale)) * width + Math.floor(x / scale)
        const at = (label * height * scale + y) * sheet.width + column * width * scale + x
        pixels[at] = bytes[source] ?? 0
      }
    }
  }
}
const file = join(import.meta.dirname, '..', 'public', 'datasets', 'fashion-mnist-mini.png')
writeFileSync(file, encodeGreyPng(pixels, sheet.width, sheet.height))

/** An 8-bit grey PNG (W3C PNG, third edition): every line unfiltered. */
function encodeGreyPng(grey: Uint8Array, columns: number, rows: number): Buffer {
  const lines = Buffer.alloc(rows * (columns + 1))
  for (let y = 0; y < rows; y++)
    lines.set(grey.subarray(y * columns, (y + 1) * columns), y * (columns + 1) + 1)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(columns, 0)
  header.writeUInt32BE(rows, 4)
  header[8] = 8 // bits a sample; colour type 0 is grey
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
