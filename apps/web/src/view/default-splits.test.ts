import { getDataset } from '@mate-bench/datasets/registry'
import { expect, it } from 'vitest'
import { defaultSplits } from './default-splits.ts'

it('holds out of CIFAR-100 what a spec holds out that asks for nothing else', () => {
  const splits = defaultSplits(getDataset('cifar100'))
  expect([splits?.train.count, splits?.validation.count, splits?.test.count]).toEqual([45_000, 5_000, 10_000])
})

it('has none for pictures that a spec must name', () => {
  expect(defaultSplits(getDataset('image-folder'))).toBeUndefined()
})
