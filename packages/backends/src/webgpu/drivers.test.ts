import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { gpuDriversIdentity } from './drivers.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mate-bench-drivers-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('changes with the driver that is chosen, and when that is updated', () => {
  const [one, other] = ['one.json', 'other.json'].map((name) => join(folder, name)) as [string, string]
  writeFileSync(one, '{}')
  const chosen = gpuDriversIdentity({ VK_ICD_FILENAMES: one })
  expect(gpuDriversIdentity({ VK_ICD_FILENAMES: one })).toBe(chosen)
  expect(gpuDriversIdentity({})).not.toBe(chosen)
  expect(gpuDriversIdentity({ VK_ICD_FILENAMES: [one, other].join(delimiter) })).not.toBe(chosen)
  writeFileSync(one, '{ "file_format_version": "1.0.1" }')
  expect(gpuDriversIdentity({ VK_ICD_FILENAMES: one })).not.toBe(chosen)
})

it('changes with the adapter that Dawn is told to take', () => {
  expect(gpuDriversIdentity({ MATE_BENCH_DAWN: 'adapter=Radeon' })).not.toBe(gpuDriversIdentity({}))
})
