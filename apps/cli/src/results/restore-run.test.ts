import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { restoreRun } from './restore-run.ts'

const place = mkdtempSync(join(tmpdir(), 'restore-run-'))
afterAll(() => rmSync(place, { recursive: true }))

it('leaves nothing under the name of a run until all of it is there', () => {
  const folder = join(place, 'unpacked')
  mkdirSync(join(folder, 'predictions.parquet'), { recursive: true }) // a file that can't be read
  writeFileSync(join(folder, 'manifest.json'), '{}')
  const whole = join(place, 'restored', 'run-seed1')
  expect(() => restoreRun(folder, whole)).toThrow(expect.objectContaining({ code: 'storage' }))
  expect(existsSync(whole)).toBe(false)

  rmSync(join(folder, 'predictions.parquet'), { recursive: true })
  writeFileSync(join(folder, 'predictions.parquet'), 'PAR1')
  restoreRun(folder, whole)
  expect(readdirSync(whole).sort()).toEqual(['manifest.json', 'predictions.parquet'])
  expect(readFileSync(join(whole, 'predictions.parquet'), 'utf8')).toBe('PAR1')
  expect(readdirSync(join(place, 'restored'))).toEqual(['run-seed1'])
  expect(() => restoreRun(folder, whole)).toThrow(expect.objectContaining({ code: 'conflict' }))
})
