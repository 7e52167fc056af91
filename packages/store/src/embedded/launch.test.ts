import { execFile } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { clusterPaths } from './cluster.ts'
import { embeddedStatus, launchEmbedded, stopEmbedded } from './launch.ts'
import { readPostmaster } from './postmaster.ts'

const run = promisify(execFile)
const isRoot = process.getuid?.() === 0

let folder = ''
/** A folder that the server may use, as a user would have it: not there yet. */
function newFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'mate-bench-launch-'))
  chmodSync(parent, 0o755)
  folder = join(parent, 'postgres')
  return folder
}

afterEach(async () => {
  await stopEmbedded({ folder })
  rmSync(join(folder, '..'), { recursive: true, force: true })
})

/** Attaches from a process of its own. */
async function launchInProcess(place: string): Promise<{ port: number; started: boolean }> {
  const program = `import { launchEmbedded } from ${JSON.stringify(new URL('./launch.ts', import.meta.url).href)}
    const { port, started } = await launchEmbedded({ folder: ${JSON.stringify(place)} })
    console.log(JSON.stringify({ port, started }))`
  const { stdout } = await run(process.execPath, [
    '--import',
    'tsx',
    '--input-type=module',
    '--eval',
    program,
  ])
  return JSON.parse(stdout)
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

/** Loopback only, a password, and what is committed is flushed. */
async function checkSettings(url: string): Promise<void> {
  const settings = await query<{ name: string; setting: string }>(
    url,
    "select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories', 'fsync', 'synchronous_commit', 'full_page_writes') order by name",
  )
  expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '127.0.0.1',
    synchronous_commit: 'on',
    unix_socket_directories: '',
  })
  const wrong = new URL(url)
  wrong.password = 'wrong'
  await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/)
  expect(statSync(clusterPaths(folder).password).mode & 0o077).toBe(0)
  if (isRoot) expect(statSync(clusterPaths(folder).data).uid).not.toBe(0)
}

function serverPid(): number {
  return readPostmaster(clusterPaths(folder).data)?.pid ?? 0
}

describe('launchEmbedded', () => {
  it('gives four processes that start at once one server, which outlives them and is shut to others', async () => {
    const place = newFolder()
    // Left by a process that was killed while building; the largest pid that Linux gives is 2^22.
    const abandoned = join(place, 'cluster.4194305.new')
    mkdirSync(abandoned, { recursive: true })
    const launched = await Promise.all([1, 2, 3, 4].map(() => launchInProcess(place)))
    expect(new Set(launched.map(({ port }) => port)).size).toBe(1)
    expect(launched.filter(({ started }) => started)).toHaveLength(1)
    const attached = await launchEmbedded({ folder: place })
    expect(attached).toMatchObject({ started: false, port: launched[0]?.port })
    // Nothing is left of it, nor of builds that lost.
    expect(readdirSync(place)).toEqual(['cluster'])
    expect(embeddedStatus({ folder: place })).toMatchObject({ running: true, exists: true })
    await checkSettings(attached.url)
  })

  it('recovers what was committed after kill -9, whatever has its pid now', async () => {
    const { url } = await launchEmbedded({ folder: newFolder() })
    await query(url, 'create table kept as select 42 as answer')
    process.kill(serverPid(), 'SIGKILL')
    const again = await launchEmbedded({ folder })
    expect(again.started).toBe(true)
    expect(await query(again.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    // After a restart of the machine the pid in the lock may be anybody's: here it is ours.
    process.kill(serverPid(), 'SIGKILL')
    const { data } = clusterPaths(folder)
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    writeFileSync(join(data, 'postmaster.pid'), [String(process.pid), ...lines.slice(1)].join('\n'))
    const third = await launchEmbedded({ folder })
    expect(third.started).toBe(true)
    expect(await query(third.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    // Programs that kept its address find it again.
    expect(await stopEmbedded({ folder })).toBe(true)
    expect(embeddedStatus({ folder })).toMatchObject({ running: false, exists: true })
    expect((await launchEmbedded({ folder })).url).toBe(third.url)
  })

  it('says what to do when the folder is a file', async () => {
    const place = newFolder()
    writeFileSync(place, '')
    await expect(launchEmbedded({ folder: place })).rejects.toMatchObject({
      code: 'storage',
      hint: expect.stringContaining('MATE_BENCH_DB'),
    })
    expect(lstatSync(place).isFile()).toBe(true)
  })
})
