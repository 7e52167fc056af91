import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { defaultResultsFolder, findPacked, listPacked, readAllPacked } from './results-folder.ts'

const place = mkdtempSync(join(tmpdir(), 'results-folder-'))
afterAll(() => rmSync(place, { recursive: true }))

const [shipped] = listPacked(defaultResultsFolder()).filter(({ name }) => /^study-joint-.*-seed3$/.test(name))

it('takes no copy of a run for that of another seed', () => {
  const experiment =
    dirname(shipped?.path ?? '')
      .split(/[\\/]/)
      .at(-1) ?? ''
  const folder = join(place, experiment)
  mkdirSync(folder)
  copyFileSync(shipped?.path ?? '', join(folder, 'seed3.zip'))
  expect(readAllPacked(place).map(({ manifest }) => manifest.seed)).toEqual([3])

  copyFileSync(shipped?.path ?? '', join(folder, 'seed11.zip'))
  const refused = expect.objectContaining({
    code: 'verification-failed',
    message: expect.stringContaining(`wrong place: it holds ${experiment}/seed3.zip`),
  })
  expect(() => readAllPacked(place)).toThrow(refused)
  expect(() => findPacked(place, `${experiment}-seed11`)).toThrow(refused)
})
