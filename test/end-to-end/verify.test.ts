import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runSpec, verifyRun } from '@mate-bench/harness'
import { digestJson } from '@mate-bench/provenance'
import { createRandom } from '@mate-bench/stats'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

let honest: string

beforeAll(async () => {
  const out = temporaryFolder()
  honest = (await runSpec({ spec: tinySpec(), seed: 2, out, backend: 'wasm' })).folder
})

const failures = async (folder: string) =>
  (await verifyRun(folder)).checks.filter(({ ok }) => !ok).map(({ name }) => name)

function tampered(change: (folder: string) => void): string {
  const folder = join(temporaryFolder(), 'run')
  cpSync(honest, folder, { recursive: true })
  change(folder)
  return folder
}

describe('verify', () => {
  it('accepts an honest run, and leaves neither checkpoint nor lock behind in it', async () => {
    expect(await failures(honest)).toEqual([])
    expect(existsSync(join(honest, 'checkpoint'))).toBe(false)
    expect(existsSync(`${honest}.partial`)).toBe(false)
    expect(existsSync(`${honest}.partial.lock`)).toBe(false)
  })

  it.each([
    [
      'the best epoch by validation, and another optimiser',
      {
        method: { name: 'okddip' },
        evaluation: { checkpoint: { name: 'best-validation' }, protocols: ['anytime'] },
        training: {
          epochs: 2,
          batchSize: 16,
          optimizer: { name: 'adam' },
          schedule: { name: 'cosine', warmupEpochs: 0.5 },
        },
      },
    ],
    [
      'no validation split',
      {
        dataset: {
          name: 'fashion-mnist-mini',
          subset: { perClass: 10, seed: 0 },
          validation: { size: 0, seed: 0 },
        },
        evaluation: { checkpoint: { name: 'last' }, protocols: ['anytime'] },
      },
    ],
  ])('accepts an honest run with %s', async (_, change) => {
    const spec = tinySpec(change)
    const { folder } = await runSpec({ spec, seed: 1, out: temporaryFolder(), backend: 'wasm' })
    expect((await verifyRun(folder, { full: true })).checks.filter(({ ok }) => !ok)).toEqual([])
  })

  it.each([
    'predictions.parquet',
    'validation-predictions.parquet',
    'model.safetensors',
    'manifest.json',
    'metrics.jsonl',
    'log.jsonl',
    'spec.json',
  ])('rejects %s with any single byte changed', async (file) => {
    const bytes = readFileSync(join(honest, file))
    const random = createRandom(5, file)
    const positions = [0, bytes.length - 1, ...Array.from({ length: 12 }, () => random.integer(bytes.length))]
    for (const position of positions) {
      const folder = tampered((path) => {
        const changed = Buffer.from(bytes)
        changed[position] = (changed[position] ?? 0) ^ (1 << random.integer(8))
        writeFileSync(join(path, file), changed)
      })
      const rejected = await failures(folder).catch(() => ['unreadable'])
      expect(rejected, `byte ${position} of ${bytes.length}`).not.toEqual([])
    }
  })

  it('names a damaged file and checks nothing that it says', async () => {
    const folder = tampered((path) => {
      const file = join(path, 'predictions.parquet')
      const bytes = readFileSync(file)
      bytes[99] = (bytes[99] ?? 0) ^ 1
      writeFileSync(file, bytes)
    })
    const { checks } = await verifyRun(folder)
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['predictions.parquet digest'])
    expect(checks.at(-1)).toMatchObject({ name: 'content of the files', outcome: 'unchecked' })
  })

  it('rejects better numbers under a fresh digest, since the predictions do not give them', async () => {
    const folder = tampered((path) => {
      const { manifestDigest: _, ...manifest } = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8'))
      manifest.results.exits[2].top1 = Math.min(1, manifest.results.exits[2].top1 + 0.01)
      const forged = { ...manifest, manifestDigest: digestJson(manifest) }
      writeFileSync(join(path, 'manifest.json'), `${JSON.stringify(forged, null, 2)}\n`)
    })
    expect(await failures(folder)).toEqual(['results from predictions', 'log.jsonl rows'])
  })

  it('rejects cheaper costs under a fresh digest, since the network does not have them', async () => {
    const folder = tampered((path) => {
      const { manifestDigest: _, ...manifest } = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8'))
      manifest.model.exits[0].isolatedMacs -= 1
      const forged = { ...manifest, manifestDigest: digestJson(manifest) }
      writeFileSync(join(path, 'manifest.json'), `${JSON.stringify(forged, null, 2)}\n`)
    })
    expect(await failures(folder)).toEqual(['costs and parameters'])
  })

  it('rejects a file too many and a file too few', async () => {
    expect(await failures(tampered((path) => writeFileSync(join(path, 'extra.txt'), 'x')))).toEqual([
      'no other files',
    ])
  })

  it('gives up a check that is silent for too long, and takes the next run up again', async () => {
    const { checks } = await verifyRun(honest, { silentMilliseconds: 1 })
    expect(checks.at(-1)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('given up after 0.001 s'),
    })
    expect(await failures(honest)).toEqual([])
  })

  it('passes over what file managers leave in a folder', async () => {
    const folder = tampered((path) => {
      for (const name of ['.DS_Store', '._model.safetensors', 'Thumbs.db'])
        writeFileSync(join(path, name), '')
    })
    const { checks } = await verifyRun(folder)
    expect(checks.every(({ ok }) => ok)).toBe(true)
    expect(checks.find(({ name }) => name === 'no other files')?.detail).toContain('.DS_Store')
  })

  it('says what a folder without a finished run is', async () => {
    await expect(verifyRun(join(honest, '..'))).rejects.toMatchObject({ code: 'not-found' })
  })
})
