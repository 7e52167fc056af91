import { expect, it } from 'vitest'
import { findDataset } from './find-dataset.ts'

it('finds a dataset under the name that tracks have for it', () => {
  expect(findDataset('cifar100')).toMatchObject({ title: 'CIFAR-100' })
  expect(findDataset('stanford-dogs')?.caveats?.join()).toContain('ImageNet')
  const own = `image-folder-${'0a'.repeat(16)}`
  expect(findDataset(own)).toMatchObject({ name: own, title: 'Image folder' })
  expect(findDataset('image-folder-')).toBeUndefined()
})
