import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { augmentationOptions, datasetOptions, datasets, getDataset } from './registry.ts'

describe('the registry', () => {
  it('finds a dataset by name and suggests the nearest for a slip', () => {
    expect(getDataset('cifar100').classes.length).toBe(100)
    expect(() => getDataset('cifar-100')).toThrow(
      expect.objectContaining({ code: 'not-found', hint: 'Did you mean "cifar100"?' }),
    )
    expect(() => getDataset('places365')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('fashion-mnist-mini') }),
    )
  })

  it.each(datasets.map((dataset) => [dataset.name, dataset] as const))(
    '%s is described consistently',
    (_, dataset) => {
      expect(new Set(dataset.classes).size).toBe(dataset.classes.length)
      if (!('pictures' in dataset)) expect(dataset.counts.train % dataset.classes.length).toBe(0)
      expect(dataset.normalisation.mean).toHaveLength(dataset.imageShape[2])
      expect(dataset.normalisation.std).toHaveLength(dataset.imageShape[2])
      for (const file of dataset.files) {
        expect(file.sha256 ?? file.md5).toMatch(/^([0-9a-f]{32}|[0-9a-f]{64})$/)
        expect(file.urls.every((url) => url.endsWith(`/${file.name}`))).toBe(true)
        expect(file.urls.length === 0).toBe(dataset.bundled)
      }
    },
  )

  it('keeps apart what is often mixed up: the constants of CIFAR-10 and CIFAR-100', () => {
    expect(getDataset('cifar10').normalisation.std).toEqual([0.24703223, 0.24348513, 0.26158784])
    expect(getDataset('cifar100').normalisation.mean).toEqual([0.50707516, 0.48654887, 0.44091784])
    expect(getDataset('cifar100').normalisation.std).toEqual([0.26733429, 0.25643846, 0.27615047])
  })
})

describe('dataset options', () => {
  it.each([
    ['fashion-mnist-mini', 600],
    ['fashion-mnist', 6_000],
    ['cifar10', 5_000],
    ['cifar100', 5_000],
  ])('of %s hold out %i training images unless told otherwise', (name, size) => {
    expect(datasetOptions.parse({ name })).toEqual({ name, validation: { size, seed: 0 } })
    expect(datasetOptions.parse({ name, validation: { seed: 3 } }).validation).toEqual({ size, seed: 3 })
    expect(datasetOptions.parse({ name, validation: { size: 0 } }).validation.size).toBe(0)
  })

  it('leave at least one image of each class to train on', () => {
    const subset = { perClass: 50 }
    const ok = datasetOptions.safeParse({ name: 'cifar10', subset, validation: { size: 490 } })
    expect(ok.success).toBe(true)
    const tooMany = datasetOptions.safeParse({ name: 'cifar10', subset })
    expect(tooMany.error?.issues).toEqual([
      expect.objectContaining({
        path: ['validation', 'size'],
        message: expect.stringContaining('Expected at most 490, found 5000'),
      }),
    ])
  })

  it.each([
    { name: 'cifar10', subset: { perClass: 5001 } },
    { name: 'cifar10', validation: { size: -1 } },
    { name: 'cifar10', validation: { seed: 2 ** 32 } },
    { name: 'cifar10', validation: { fraction: 0.1 } },
    { name: 'cifar10', shuffle: true },
    { name: 'imagenet' },
  ])('refuse %j', (options) => {
    expect(datasetOptions.safeParse(options).success).toBe(false)
  })

  it('can be written as JSON Schema', () => {
    expect(JSON.stringify(z.toJSONSchema(datasetOptions, { io: 'input' }))).toContain('"fashion-mnist-mini"')
    expect(JSON.stringify(z.toJSONSchema(augmentationOptions, { io: 'input' }))).toContain('"random-crop"')
  })
})

describe('augmentation options', () => {
  it('have the usual defaults', () => {
    expect(augmentationOptions.parse({ name: 'random-crop' })).toEqual({
      name: 'random-crop',
      padding: 4,
      mode: 'zero',
    })
    expect(augmentationOptions.parse({ name: 'horizontal-flip' })).toEqual({
      name: 'horizontal-flip',
      probability: 0.5,
    })
    expect(augmentationOptions.parse({ name: 'cutout' })).toEqual({ name: 'cutout', size: 16 })
  })

  it.each([
    { name: 'random-crop', padding: 0 },
    { name: 'random-crop', mode: 'edge' },
    { name: 'horizontal-flip', probability: 1.5 },
    { name: 'cutout', size: 7 },
    { name: 'mixup' },
  ])('refuse %j', (options) => {
    expect(augmentationOptions.safeParse(options).success).toBe(false)
  })
})
