import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { tinySpec } from '../../../test/support/tiny-spec.ts'
import { describeOwner } from './lock-owner.ts'
import { runFiles } from './run-files.ts'
import { clearLockOfComplete, openRunFolder, runFolderPath } from './run-folder.ts'

const open = (out: string) =>
  openRunFolder({ out, spec: tinySpec(), seed: 1, resume: true, bytesNeeded: 0, warn: () => {} })

it('writes nothing more into a folder that another machine has taken over', async () => {
  const folder = await open(temporaryFolder())
  writeFileSync(folder.path(runFiles.log), '{}\n')
  const lock = `${folder.folder}.partial.lock`
  const owner = JSON.stringify({ pid: 1, host: 'another.example', born: '1' })
  writeFileSync(lock, owner)
  const taken = expect.objectContaining({ code: 'conflict', path: lock })
  expect(() => folder.path(runFiles.log)).toThrow(taken)
  expect(() => folder.finish([])).toThrow(taken)
  folder.release()
  expect(readFileSync(lock, 'utf8')).toBe(owner)
  expect(existsSync(folder.folder)).toBe(false)
})

it('says that its folder was removed, or its lock alone', async () => {
  const out = temporaryFolder()
  const folder = await open(out)
  const partial = `${folder.folder}.partial`
  rmSync(`${partial}.lock`)
  expect(() => folder.path(runFiles.log)).toThrow(
    expect.objectContaining({
      code: 'conflict',
      message: expect.stringContaining('lock of the run was removed'),
    }),
  )
  rmSync(out, { recursive: true })
  expect(() => folder.path(runFiles.log)).toThrow(
    expect.objectContaining({
      code: 'storage',
      message: expect.stringContaining('was removed'),
      path: partial,
    }),
  )
  folder.release()
})

it('drops what a killed process left: temporary files, a line that was cut off, a lock moved aside', async () => {
  const out = temporaryFolder()
  const partial = `${runFolderPath(out, tinySpec(), 1)}.partial`
  const write = (file: string, content: string) => {
    mkdirSync(dirname(join(partial, file)), { recursive: true })
    writeFileSync(join(partial, file), content)
  }
  write('spec.json.4711.tmp', '')
  write('manifest.json.4711.tmp', '{}')
  write('checkpoint/latest.safetensors.4711.tmp', 'half')
  write(runFiles.log, '{"type":"started"}\n{"type":"ep')
  writeFileSync(`${partial}.lock.4711.stale`, '')
  const folder = await open(out)
  expect(readdirSync(partial, { recursive: true }).sort()).toEqual(['checkpoint', 'log.jsonl', 'spec.json'])
  expect(readFileSync(join(partial, runFiles.log), 'utf8')).toBe('{"type":"started"}\n')
  folder.release()
  expect(readdirSync(out)).toHaveLength(1)
})

it('has nothing but the files of the run under its final name', async () => {
  const out = temporaryFolder()
  const folder = await open(out)
  writeFileSync(folder.path(runFiles.manifest), '{}')
  writeFileSync(folder.path('.DS_Store'), '')
  mkdirSync(folder.path('checkpoint'))
  folder.finish([runFiles.spec, runFiles.manifest])
  expect(readdirSync(folder.folder).sort()).toEqual(['manifest.json', 'spec.json'])
  expect(readdirSync(out)).toHaveLength(1)
})

it('takes no lock for a run that was completed meanwhile, and clears that of its dead process', async () => {
  const out = temporaryFolder()
  const finished = runFolderPath(out, tinySpec(), 1)
  mkdirSync(finished)
  writeFileSync(join(finished, runFiles.manifest), '{}')
  await expect(open(out)).rejects.toMatchObject({ code: 'conflict', hint: 'Nothing is left to do.' })
  expect(readdirSync(out)).toHaveLength(1)

  const lock = `${finished}.partial.lock`
  const write = (change: object) => writeFileSync(lock, JSON.stringify({ ...describeOwner(), ...change }))
  write({ born: 'another start' })
  clearLockOfComplete(out, tinySpec(), 1)
  expect(existsSync(lock)).toBe(false)
  for (const owner of [{}, { host: 'elsewhere', boot: 'another' }]) {
    write(owner)
    clearLockOfComplete(out, tinySpec(), 1)
    expect(existsSync(lock)).toBe(true)
  }
})
