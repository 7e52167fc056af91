import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { verifyFiles } from './data-files.ts'

const data = mkdtempSync(join(tmpdir(), 'data-files-'))
afterAll(() => rmSync(data, { recursive: true }))
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

/** A folder of packed pictures, whole but for its having none. */
function addPictures(digit: string): string {
  const folder = join(data, `image-folder-${digit.repeat(32)}`, 'packed-73-00000000')
  mkdirSync(folder, { recursive: true })
  const table = { offsets: [], heights: [], widths: [], labels: [] }
  const index = {
    ...{ format: 'mate-bench-packed', version: 1, shortSide: 73, cropBottom: 0, decoder: {}, sources: [] },
    ...{
      classes: ['a', 'b'],
      bytes: 0,
      sha256: createHash('sha256').digest('hex'),
      train: table,
      test: table,
    },
  }
  writeFileSync(join(folder, 'index.json'), JSON.stringify(index))
  writeFileSync(join(folder, 'images.bin'), '')
  return folder
}

async function verified() {
  const said: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  await verifyFiles('image-folder', data, true)
  return JSON.parse(said.join(''))
}

it('verifies every folder of own pictures, also one whose index is damaged or gone', async () => {
  await expect(verified()).rejects.toMatchObject({ code: 'data-missing' })
  addPictures('a')
  const other = addPictures('b')
  expect(await verified()).toMatchObject({ ok: true, files: [{ state: 'ok' }, { state: 'ok' }] })

  writeFileSync(join(other, 'index.json'), '{ "format": "mate-be')
  expect(await verified()).toMatchObject({ ok: false, files: [{ state: 'ok' }, { state: 'mismatch' }] })
  expect(process.exitCode).toBe(1)

  rmSync(join(other, 'index.json'))
  expect(await verified()).toMatchObject({ ok: false, files: [{ state: 'ok' }, { state: 'missing' }] })
})
