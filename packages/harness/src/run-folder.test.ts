import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { tinySpec } from '../../../test/support/tiny-spec.ts'
import { openRunFolder, runFiles } from './run-folder.ts'

it('writes nothing more into a folder that another machine has taken over', () => {
  const out = temporaryFolder()
  const folder = openRunFolder({ out, spec: tinySpec(), seed: 1, resume: true, bytesNeeded: 0 })
  writeFileSync(folder.path(runFiles.log), '{}\n')
  const lock = `${folder.folder}.partial.lock`
  const owner = JSON.stringify({ pid: 1, host: 'another.example', born: '1' })
  writeFileSync(lock, owner)
  const taken = expect.objectContaining({ code: 'conflict', path: lock })
  expect(() => folder.path(runFiles.log)).toThrow(taken)
  expect(() => folder.finish()).toThrow(taken)
  folder.release()
  expect(readFileSync(lock, 'utf8')).toBe(owner)
  expect(existsSync(folder.folder)).toBe(false)
})
