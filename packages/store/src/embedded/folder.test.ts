import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { serverAccount } from './account.ts'
import { chooseFolder, defaultFolder } from './folder.ts'
import { canReach } from './reach.ts'

const isRoot = process.getuid?.() === 0
const place = mkdtempSync(join(tmpdir(), 'mate-bench-folder-'))
chmodSync(place, 0o755)
afterAll(() => rmSync(place, { recursive: true }))

function folderOfMode(mode: number): string {
  const folder = join(place, mode.toString(8))
  mkdirSync(folder)
  chmodSync(folder, mode)
  return folder
}

describe('defaultFolder', () => {
  it.runIf(process.platform !== 'win32')(
    'is what MATE_BENCH_DB says, else in the data folder of the user',
    () => {
      expect(defaultFolder({ MATE_BENCH_DB: '/srv/db', XDG_DATA_HOME: '/data' })).toBe('/srv/db')
      expect(defaultFolder({ XDG_DATA_HOME: '/data' })).toBe('/data/mate-bench/postgres')
      expect(defaultFolder({ MATE_BENCH_DB: '', XDG_DATA_HOME: '' })).toMatch(
        /\.local\/share\/mate-bench\/postgres$/,
      )
    },
  )
})

describe('canReach', () => {
  const { gid } = statSync(place)
  const stranger = { uid: 4242, gid: 4242 }

  it('needs every folder above to let the account pass, and minds no folder that is still to be made', () => {
    expect(canReach(join(folderOfMode(0o711), 'a', 'b'), stranger)).toBe(true)
    expect(canReach(join(folderOfMode(0o750), 'a', 'b'), stranger)).toBe(false)
    expect(canReach(join(folderOfMode(0o700), 'a'), undefined)).toBe(true)
  })

  it('goes by the group where the account is in it', () => {
    expect(canReach(join(folderOfMode(0o710), 'a'), { uid: 4242, gid })).toBe(true)
    expect(canReach(join(folderOfMode(0o701), 'a'), { uid: 4242, gid })).toBe(false)
  })
})

describe.runIf(isRoot)('as root', () => {
  it('runs the server as the owner of the folder above, if that is somebody else', () => {
    const home = join(place, 'home')
    mkdirSync(home)
    const daemon = { uid: 1, gid: 1 }
    chownSync(home, daemon.uid, daemon.gid)
    expect(serverAccount(join(home, 'data', 'postgres'))).toEqual(daemon)
    expect(serverAccount(join(place, 'postgres'))?.uid).not.toBe(0)
  })

  it('goes where the unprivileged user can go, always the same place, and says so', () => {
    const closed = join(place, 'closed')
    mkdirSync(closed, { mode: 0o700 })
    const wished = join(closed, 'postgres')
    const { folder, notes } = chooseFolder(wished)
    expect(folder).toMatch(/^\/var\/lib\/mate-bench\/postgres-[0-9a-f]{8}$/)
    expect(notes.join()).toContain(wished)
    expect(chooseFolder(wished).folder).toBe(folder)
    expect(chooseFolder(join(closed, 'other')).folder).not.toBe(folder)
    const env = { XDG_DATA_HOME: closed }
    expect(chooseFolder(defaultFolder(env), env).folder).toBe('/var/lib/mate-bench/postgres')
  })
})
