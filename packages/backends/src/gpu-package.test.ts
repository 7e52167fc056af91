import { expect, it } from 'vitest'
import { hasGpuPackage } from './gpu-package.ts'

it('knows whether TensorFlow for GPUs can be found, without loading it', () => {
  expect(hasGpuPackage((name) => `/node_modules/${name}/index.js`)).toBe(true)
  expect(
    hasGpuPackage(() => {
      throw new Error('MODULE_NOT_FOUND')
    }),
  ).toBe(false)
})
