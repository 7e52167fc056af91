import { getDataset } from '@mate-bench/datasets/registry'
import { expect, it } from 'vitest'
import { defaultSplits } from './default-splits.ts'

it('holds out of CIFAR-100 what a spec holds out that asks for nothing else', () => {
  const { train, validation, test } = defaultSplits(getDataset('cifar100'))
  expect([train.count, validation.count, test.count]).toEqual([45_000, 5_000, 10_000])
})
