import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runFolders } from './run-folders.ts'

const place = mkdtempSync(join(tmpdir(), 'run-folders-'))
afterAll(() => rmSync(place, { recursive: true }))
for (const name of ['a-seed1', 'b-seed1', 'c-seed1.partial']) {
  mkdirSync(join(place, name))
  writeFileSync(join(place, name, 'manifest.json'), '{}')
}
const [a, b] = [join(place, 'a-seed1'), join(place, 'b-seed1')]

it('takes a run once, however it is written', () => {
  expect(runFolders([place])).toEqual([a, b])
  const fromHere = relative(process.cwd(), a)
  expect(runFolders([a, `${a}/`, fromHere, place])).toEqual([a, b])
  expect(runFolders([fromHere, place])).toEqual([fromHere, b])
})

it('takes no unfinished run, also with a slash behind it', () => {
  for (const path of ['c-seed1.partial', 'c-seed1.partial/']) {
    expect(() => runFolders([`${place}/${path}`])).toThrow(
      expect.objectContaining({ code: 'not-found', hint: expect.stringContaining('--resume') }),
    )
  }
})
