/**
 * Draws fashion-mnist-mini from the four published files of Fashion-MNIST and writes it beside the package.
 *
 *     npx tsx packages/datasets/scripts/make-fashion-mnist-mini.ts FOLDER
 *
 * FOLDER holds the four .gz files. 600 training and 100 test images of each class are drawn with a fixed
 * seed and kept in the order of the published files, so whoever runs this gets the same decoded bytes. (The
 * gzip layer may differ between zlib versions; the decoded bytes are what the checksums in
 * src/fashion-mnist-mini.ts hold on to.)
 */
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { decodeIdxPair } from '../src/decode/idx.ts'
import { drawFashionMnistMini, drawMiniPositions, fashionMnistPairs } from '../src/fashion-mnist-files.ts'
import { plainBytes, readBytes } from '../src/files/bytes.ts'
import { measureNormalisation } from '../src/normalise.ts'

const folder = process.argv[2]
if (!folder) {
  console.error('Usage: tsx make-fashion-mnist-mini.ts FOLDER (with the four published .gz files)')
  process.exit(2)
}
const target = fileURLToPath(new URL('../assets/fashion-mnist-mini/', import.meta.url))
await mkdir(target, { recursive: true })

const published = new Map<string, Uint8Array>()
for (const { images, labels } of Object.values(fashionMnistPairs)) {
  for (const name of [images, labels]) {
    published.set(name, plainBytes(gunzipSync(await readBytes(`${folder}/${name}.gz`))))
  }
}
const mini = drawFashionMnistMini(published)
for (const [name, content] of mini) {
  const packed = plainBytes(gzipSync(content, { level: 9 }))
  await writeFile(`${target}${name}.gz`, packed)
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  console.log(`${name}.gz ${packed.length} ${sha256(packed)}\n  ${content.length} ${sha256(content)}`)
}
const size = [28, 28] as const
const { labels } = decodeIdxPair(published, fashionMnistPairs.test, size, 10)
await writeFile(`${target}t10k-positions.json`, `${JSON.stringify([...drawMiniPositions(labels, 'test')])}\n`)
const report = (name: string, files: ReadonlyMap<string, Uint8Array>, count: number) =>
  console.log(
    name,
    measureNormalisation(decodeIdxPair(files, { ...fashionMnistPairs.train, count }, size, 10), 1),
  )
report('fashion-mnist', published, fashionMnistPairs.train.count)
report('fashion-mnist-mini', mini, 6000)
