import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeFolder } from './make-folder.ts'

describe('makeFolder', () => {
  let root: string
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'make-folder-'))
  })
  afterAll(() => {
    rmSync(root, { recursive: true, force: true })
  })

  it('makes what is missing, and minds nothing that is there', () => {
    const path = join(root, 'a', 'b', 'c')
    makeFolder(path)
    makeFolder(path)
    expect(statSync(path).isDirectory()).toBe(true)
  })

  it('fails below a file', () => {
    const file = join(root, 'file')
    writeFileSync(file, '')
    expect(() => makeFolder(join(file, 'x'))).toThrow(/ENOTDIR|EEXIST/)
  })

  it.runIf(existsSync('/proc/self'))('fails, and returns, where no folder can be made', () => {
    expect(() => makeFolder('/proc/no-such-folder/x')).toThrow(/ENOENT|EACCES|EPERM/)
  })
})
