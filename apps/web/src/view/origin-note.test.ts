import { describe, expect, it } from 'vitest'
import { originNote } from './origin-note.ts'

const environment = {
  node: 'v22.0.0',
  os: 'linux',
  arch: 'x64',
  cpu: 'Some CPU',
  memoryBytes: 1,
  backend: { name: 'wasm', version: '4', libraries: {} },
  threads: 1,
}
const note = (code: { commit: string | null; dirty: boolean | null }) =>
  originNote({ environment, code: { lockfileDigest: null, ...code } })

describe('originNote', () => {
  it('sends to the commit only where the commit is the code', () => {
    expect(note({ commit: 'f00', dirty: false })).toContain('at commit f00: check it out')
    expect(note({ commit: 'f00', dirty: true })).toContain('changes that were not committed')
    expect(note({ commit: 'f00', dirty: true })).not.toContain('check it out')
    expect(note({ commit: 'f00', dirty: null })).toContain('not recorded')
    expect(note({ commit: null, dirty: null })).toContain('commit of the code was not recorded')
  })
})
