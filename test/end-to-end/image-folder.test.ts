import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addImageFolder } from '@mate-bench/datasets'
import { parseSpec, readManifest, runSpec, verifyRun } from '@mate-bench/harness'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

const colours = { bricks: '#b04030', grass: '#309040', sky: '#4080d0' }

/** Twelve pictures of each class, four of them for test, none of the same size. */
async function photos(): Promise<string> {
  const folder = temporaryFolder()
  for (const [name, background] of Object.entries(colours)) {
    for (let i = 0; i < 12; i++) {
      const place = join(folder, i < 8 ? 'train' : 'test', name)
      mkdirSync(place, { recursive: true })
      const create = { width: 80 + 5 * i, height: 70 + 11 * i, channels: 3 as const, background }
      await sharp({ create: { ...create, noise: { type: 'gaussian', mean: 128, sigma: 20 } } })
        .composite([{ input: { create }, blend: 'overlay' }])
        .jpeg()
        .toFile(join(place, `${i}.jpg`))
    }
  }
  return folder
}

it('trains on pictures of one’s own, from a folder to a run that verifies', async () => {
  const dataFolder = temporaryFolder()
  const { dataset } = await addImageFolder({ from: await photos(), dataFolder, size: 64 })
  const base = tinySpec()
  const spec = parseSpec({
    ...base,
    dataset: { ...dataset, validation: { size: 6, seed: 0 } },
    model: { ...base.model, backbone: { name: 'resnet', depth: 8, width: 2, stem: 'imagenet' } },
    training: {
      ...base.training,
      epochs: 2,
      batchSize: 6,
      schedule: { name: 'constant' },
      augmentation: [{ name: 'random-resized-crop' }, { name: 'horizontal-flip' }],
    },
  })
  const run = (out: string) => runSpec({ spec, seed: 1, out, backend: 'wasm', dataFolder })
  const { folder } = await run(temporaryFolder())
  const { manifest } = readManifest(folder)
  expect(manifest.track.dataset).toBe(`image-folder-${dataset.content.slice(7, 39)}`)
  expect(manifest.track.preprocessing).toMatchObject({
    imageShape: [64, 64, 3],
    decoding: { shortSide: 73, decoder: { sharp: sharp.versions.sharp, libvips: sharp.versions.vips } },
  })
  expect(manifest.data.files).toEqual([expect.objectContaining({ name: 'images.bin' })])
  const { checks } = await verifyRun(folder, { dataFolder })
  expect(checks.filter(({ outcome }) => outcome === 'failed' || outcome === 'unchecked')).toEqual([])
  expect(checks.map(({ name }) => name)).toContain('weights on the test images')
  const again = await run(temporaryFolder())
  for (const file of ['predictions.parquet', 'model.safetensors', 'metrics.jsonl']) {
    expect(readFileSync(join(again.folder, file)).equals(readFileSync(join(folder, file)))).toBe(true)
  }
})

it('refuses to train on other pictures than the spec names, and says what brings them', async () => {
  const content = `sha256:${'ab'.repeat(32)}` as const
  const dataset = {
    name: 'image-folder',
    content,
    classes: ['a', 'b', 'c'],
    images: { train: 100, test: 10 },
    size: 64,
  }
  const base = tinySpec()
  const spec = parseSpec({ ...base, dataset: { ...dataset, validation: { size: 10 } } })
  await expect(
    runSpec({ spec, seed: 1, out: temporaryFolder(), backend: 'wasm', dataFolder: temporaryFolder() }),
  ).rejects.toMatchObject({ code: 'data-missing', hint: expect.stringContaining('data add image-folder') })
})
