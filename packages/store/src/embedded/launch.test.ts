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
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openStore } from '../drivers/open-store.ts'
import { useTestServer } from '../testing/test-server.ts'
import { clusterPaths } from './cluster.ts'
import { embeddedStatus, launchEmbedded, stopEmbedded } from './launch.ts'
import { readPostmaster } from './postmaster.ts'

// Starts servers and kills them: slow where a machine has much else to do.
vi.setConfig({ testTimeout: 180_000 })

const run = promisify(execFile)
const isRoot = process.getuid?.() === 0

let parent: string | undefined
let folder = ''
/** A folder that the server may use, as a user would have it: not there yet. */
function newFolder(): string {
  parent = mkdtempSync(join(tmpdir(), 'mate-bench-launch-'))
  chmodSync(parent, 0o755)
  folder = join(parent, 'postgres')
  return folder
}

afterEach(async () => {
  if (parent === undefined) return
  await stopEmbedded({ folder })
  rmSync(parent, { recursive: true, force: true })
  parent = undefined
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

/** As if the number of the server that was killed had been given to another process. */
function giveLockTo(pid: number): void {
  const file = join(clusterPaths(folder).data, 'postmaster.pid')
  const [, ...rest] = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, [pid, ...rest].join('\n'))
}

describe('launchEmbedded', () => {
  it('gives processes that start at once one server, which outlives them and is shut to others', async () => {
    const place = newFolder()
    // Left by processes that were killed while building. The largest pid that Linux gives is 2^22; the other two are
    // in use again, by the first process of the machine and by this one, which began at another time.
    for (const builder of ['4194305-1', '1-4194305', `${process.pid}-1`]) {
      const abandoned = join(place, `cluster.${builder}-00c0ffee.new`)
      mkdirSync(abandoned, { recursive: true })
      // Where nobody says when a process began, the age of what it left does.
      utimesSync(abandoned, 0, 0)
    }
    const launched = await Promise.all([
      ...[1, 2, 3].map(() => launchInProcess(place)),
      // One process may want it twice at a time.
      ...[1, 2].map(() => launchEmbedded({ folder: place })),
    ])
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
    giveLockTo(process.pid)
    const third = await launchEmbedded({ folder })
    expect(third.started).toBe(true)
    expect(await query(third.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    // Or another Postgres's.
    const others = await useTestServer('embedded')
    const [row] = await query<{ data: string }>(
      others.url,
      "select current_setting('data_directory') as data",
    )
    process.kill(serverPid(), 'SIGKILL')
    giveLockTo(readPostmaster(row?.data ?? '')?.pid ?? 0)
    expect((await launchEmbedded({ folder })).started).toBe(true)
    await others.release()
    // Programs that kept its address find it again.
    expect(await stopEmbedded({ folder })).toBe(true)
    expect(embeddedStatus({ folder })).toMatchObject({ running: false, exists: true })
    expect((await launchEmbedded({ folder })).url).toBe(third.url)
    // A program that is at work starts it again by itself, for whoever asks first.
    const store = await openStore({ folder })
    const ask = async () => (await store.db.execute(sql`select answer from kept`)).rows
    expect(await ask()).toEqual([{ answer: 42 }])
    process.kill(serverPid(), 'SIGKILL')
    await vi.waitFor(async () => {
      await expect(query(third.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    })
    // The connection that it kept ends a moment later.
    await vi.waitFor(() => expect(Reflect.get(store.db, '$client')).toMatchObject({ totalCount: 0 }))
    const answers = await Promise.all([
      ask(),
      ask(),
      store.db.transaction(async (tx) => await tx.execute(sql`select 1 as one`)),
    ])
    expect(answers.slice(0, 2)).toEqual([[{ answer: 42 }], [{ answer: 42 }]])
    await store.close()
  })

  it('says so where the file with its password is empty, or has another', async () => {
    await launchEmbedded({ folder: newFolder() })
    const { password } = clusterPaths(folder)
    writeFileSync(password, '')
    const problem = { code: 'storage', path: password }
    await expect(launchEmbedded({ folder })).rejects.toMatchObject({
      ...problem,
      message: expect.stringContaining('is empty'),
    })
    writeFileSync(password, 'another#/?')
    await expect(launchEmbedded({ folder })).rejects.toMatchObject({
      ...problem,
      message: expect.stringContaining('does not take'),
    })
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
