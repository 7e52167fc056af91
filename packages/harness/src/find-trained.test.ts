import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { tinySpec } from '../../../test/support/tiny-spec.ts'
import { findTrainedRun } from './find-trained.ts'
import { runSpec } from './run.ts'
import { runFiles } from './run-files.ts'

it('finds a run of the same spec with other seeds, and of no other spec', async () => {
  const out = temporaryFolder()
  const training = { ...tinySpec().training, epochs: 1, schedule: { name: 'cosine' } }
  const spec = (change: Record<string, unknown> = {}) => tinySpec({ training, seeds: [1], ...change })
  const { folder } = await runSpec({ spec: spec(), seed: 1, out, backend: 'wasm' })
  expect(findTrainedRun(out, spec(), 1)).toBe(folder)
  expect(findTrainedRun(out, spec({ seeds: [1, 2, 3], description: 'A third seed.' }), 1)).toBe(folder)
  expect(findTrainedRun(out, spec({ seeds: [1, 2] }), 2)).toBeUndefined()
  expect(findTrainedRun(out, spec({ seeds: [1, 2], method: { name: 'joint' } }), 1)).toBeUndefined()
  expect(findTrainedRun(out, spec({ seeds: [1, 2], name: 'tiny-2' }), 1)).toBeUndefined()
  expect(findTrainedRun(join(out, 'elsewhere'), spec({ seeds: [1, 2] }), 1)).toBeUndefined()
  // One that can't be read is none to rely on.
  writeFileSync(join(folder, runFiles.manifest), '{}')
  expect(findTrainedRun(out, spec({ seeds: [1, 2] }), 1)).toBeUndefined()
})
