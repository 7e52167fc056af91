import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { isTemporary, storageError, writeFileAtomic } from './atomic-file.ts'

describe('writeFileAtomic', () => {
  it('leaves the file and nothing else, and keeps the one before where it is asked to', () => {
    const folder = join(temporaryFolder(), 'made', 'on the way')
    const path = join(folder, 'latest')
    const keepAs = join(folder, 'previous')
    writeFileAtomic(path, 'one', { keepAs })
    expect(readdirSync(folder)).toEqual(['latest'])
    writeFileAtomic(path, 'two', { keepAs })
    writeFileAtomic(path, 'three', { keepAs })
    expect(readFileSync(path, 'utf8')).toBe('three')
    expect(readFileSync(keepAs, 'utf8')).toBe('two')
    expect(readdirSync(folder).sort()).toEqual(['latest', 'previous'])
  })

  it('leaves the old file where the new one cannot be written', () => {
    const folder = temporaryFolder()
    const path = join(folder, 'file')
    writeFileSync(path, 'old')
    const temporary = `${path}.${process.pid}.tmp`
    expect(isTemporary(temporary)).toBe(true)
    mkdirSync(temporary)
    expect(() => writeFileAtomic(path, 'new')).toThrow(expect.objectContaining({ code: 'storage', path }))
    expect(readFileSync(path, 'utf8')).toBe('old')
  })
})

describe('storageError', () => {
  const ofSystem = (code: string) => Object.assign(new Error(code), { code, syscall: 'open' })

  it.each([
    ['EROFS', /^The file system is read-only: runs\/x$/],
    ['ENOSPC', /^The disk is full: runs\/x$/],
    ['EIO', /^The disk failed: runs\/x$/],
    ['EISDIR', /^A folder stands where a file is needed: runs\/x$/],
    ['ENOENT', /^The folder was removed, or cannot be made: runs\/x$/],
    ['EMFILE', /^EMFILE: runs\/x$/],
  ])('of %s is no defect of ours', (code, message) => {
    const error = storageError('runs/x', ofSystem(code))
    expect(error).toMatchObject({ code: 'storage', path: 'runs/x' })
    expect(error.message).toMatch(message)
  })

  it('is what it was for anything that the system did not say', () => {
    expect(storageError('runs/x', new TypeError('no function')).code).toBe('internal')
    const ours = storageError('runs/x', ofSystem('EROFS'))
    expect(storageError('runs/y', ours)).toBe(ours)
  })
})
