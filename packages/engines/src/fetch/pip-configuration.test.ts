import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readPipConfiguration } from './pip-configuration.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mate-bench-pip-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

describe('readPipConfiguration', () => {
  it('is the public index where nothing is configured', () => {
    expect(readPipConfiguration({}, [])).toEqual({ indexes: ['https://pypi.org/simple'], findLinks: [] })
  })

  it('reads the sections that pip download reads, later files and sections over earlier ones', () => {
    const everybody = file(
      'pip.conf',
      '# for all\n[global]\nindex-url = https://mirror.example/simple\ntimeout = 60\n[install]\nindex-url = https://wrong.example\n',
    )
    const own = file(
      'own.conf',
      '[download]\nextra_index_url =\n    https://a.example/simple\n    https://b.example/simple\n[global]\nfind-links: /wheels /more\n',
    )
    expect(readPipConfiguration({}, [everybody, own])).toEqual({
      indexes: ['https://mirror.example/simple', 'https://a.example/simple', 'https://b.example/simple'],
      findLinks: ['/wheels', '/more'],
    })
  })

  it('lets variables win, and asks no index where there is to be none', () => {
    const own = file('pip.conf', '[global]\nindex-url = https://mirror.example/simple\n')
    expect(readPipConfiguration({ PIP_INDEX_URL: 'https://v.example' }, [own]).indexes).toEqual([
      'https://v.example',
    ])
    expect(readPipConfiguration({ PIP_NO_INDEX: '1', PIP_FIND_LINKS: '/w' }, [own])).toEqual({
      indexes: [],
      findLinks: ['/w'],
    })
  })
})
