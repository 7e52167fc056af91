import { execFile } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runSpec } from '@mate-bench/harness'
import { digestJson } from '@mate-bench/provenance'
import { findRun, openArtifacts, parseSha256 } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { publishFolder } from '@mate-bench/worker'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { asSeed, type Forgery, forgeRun } from '../support/forge-run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

const program = fileURLToPath(new URL('../../apps/cli/bin/mate-bench.js', import.meta.url))
const place = temporaryFolder()
const artifacts = join(place, 'artifacts')
let store: TestStore
let folder: string

beforeAll(async () => {
  store = await openTestStore()
  folder = (await runSpec({ spec: tinySpec(), seed: 1, out: join(place, 'runs'), backend: 'wasm' })).folder
})
afterAll(async () => {
  await store.close()
})

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function mateBench(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const settings = {
    ...process.env,
    DATABASE_URL: store.url,
    MATE_BENCH_ARTIFACTS: artifacts,
    NO_COLOR: '1',
    ...env,
  }
  return new Promise((done) => {
    execFile(process.execPath, [program, ...args], { env: settings }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

const unsigned = 'claimed: signature: it is not signed, so its tier is "reported"'
const manifestOf = (run: string) => JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8'))

/** The run as another seed, with its weights and other bytes in every file. */
async function disguised(change: (run: Forgery) => void = () => {}): Promise<string> {
  return await forgeRun(folder, (run) => {
    asSeed(2, 'another-name')(run)
    change(run)
    run.metrics[0].loss += 1e-6
    run.log.find(({ type }) => type === 'epoch').loss += 1e-6
    const { confidence } = run.test.table.ensemble
    confidence.forEach((value, i) => {
      confidence[i] = value * (1 - 1e-6)
    })
  })
}

it('refuses the weights of a run that is being published at the same time', async () => {
  const other = await openTestStore()
  const files = await openArtifacts(join(place, 'race'), {})
  const copy = await disguised()
  let goOn = () => {}
  const gate = new Promise<void>((done) => {
    goOn = done
  })
  const entered = new Promise<void>((inside) => {
    const confirm = async () => {
      inside()
      await gate
    }
    void publishFolder(other.db, files, folder, { tier: 'recomputed', confirm })
  })
  await entered
  // Nothing of the first is to be seen yet: what it holds is waited for.
  const second = publishFolder(other.db, files, copy, { tier: 'recomputed' }).catch(
    (thrown: unknown) => thrown,
  )
  await vi.waitFor(
    async () => {
      const { rows } = await store.db.execute(
        sql`select 1 from pg_stat_activity where wait_event_type = 'Lock'`,
      )
      expect(rows).toHaveLength(1)
    },
    { timeout: 60_000, interval: 100 },
  )
  goOn()
  expect(await second).toMatchObject({
    code: 'verification-failed',
    problems: [{ path: 'other runs', message: expect.stringContaining('its weights are identical') }],
  })
  await other.close()
})

describe('mate-bench publish', () => {
  it('writes a run with all its files, and changes nothing the second time', async () => {
    const first = await mateBench(['publish', folder, '--json'])
    const { runId, artifacts: files } = manifestOf(folder)
    expect(JSON.parse(first.stdout).runs).toEqual([{ folder, state: 'published', runId, notes: [unsigned] }])
    const second = await mateBench(['publish', join(folder, '..')])
    expect(second).toMatchObject({ code: 0, stderr: '' })
    expect(second.stdout).toContain('= unchanged')

    const found = await findRun(store.db, runId)
    // Nobody answers for it.
    expect(found?.tier).toBe('reported')
    expect(`${JSON.stringify(found?.manifest, null, 2)}\n`).toBe(
      readFileSync(join(folder, 'manifest.json'), 'utf8'),
    )
    const kept = await openArtifacts(artifacts)
    for (const { file, sha256 } of files) {
      const bytes = await kept.get(parseSha256(sha256))
      expect(Buffer.from(bytes).equals(readFileSync(join(folder, file))), file).toBe(true)
    }
  })

  it('refuses a run whose numbers do not recompute, with the difference', async () => {
    const boast = join(place, 'boast')
    cpSync(folder, boast, { recursive: true })
    const { manifestDigest: _, ...content } = manifestOf(boast)
    content.runId = `run_${'b'.repeat(20)}`
    content.results.exits[2].nll = 0.001
    const sealed = { ...content, manifestDigest: digestJson(content) }
    writeFileSync(join(boast, 'manifest.json'), `${JSON.stringify(sealed, null, 2)}\n`)
    const { code, stdout } = await mateBench(['publish', boast])
    expect(code).toBe(1)
    expect(stdout).toMatch(/✗ refused/)
    expect(stdout).toMatch(/results\.exits\.2\.nll says 0\.001, the predictions give \d/)
    expect(await findRun(store.db, content.runId)).toBeUndefined()
  })

  it('refuses one run sealed as another seed, and takes one under another name as a repeat', async () => {
    await mateBench(['publish', folder])
    const copy = await forgeRun(folder, asSeed(2))
    const refused = await mateBench(['publish', copy])
    expect(refused.code).toBe(1)
    expect(refused.stdout).toMatch(
      /other runs: its predictions and learning curve are identical to those of tiny seed 1/,
    )
    const { db } = store
    expect(await findRun(db, manifestOf(copy).runId)).toBeUndefined()

    const renamed = await forgeRun(folder, asSeed(1, 'another-name'))
    const told = await mateBench(['publish', renamed, '--json'])
    expect(told.code).toBe(0)
    // A name is no part of an experiment: the seed is there already, and this run of it counts nowhere.
    expect(JSON.parse(told.stdout).runs[0].notes).toEqual([unsigned])
    expect((await findRun(db, manifestOf(renamed).runId))?.entryId).toBe(
      (await findRun(db, manifestOf(folder).runId))?.entryId,
    )
    await db.execute(sql`delete from runs where id = ${manifestOf(renamed).runId}`)
    await db.execute(sql`delete from entries where id not in (select entry_id from runs)`)
  })

  it('refuses the weights of one run as another seed, of the same experiment or another, in a file that says another name', async () => {
    const other = ({ manifest }: Forgery) => {
      manifest.spec.training.optimizer.weightDecay = 0.002
    }
    const copies = [await disguised(), await disguised(other)]
    const { code, stdout } = await mateBench(['publish', folder, ...copies, '--json'])
    expect(code).toBe(1)
    const [, ...outcomes] = JSON.parse(stdout).runs
    expect(outcomes).toHaveLength(2)
    for (const { problems } of outcomes) {
      expect(problems.join('\n')).toMatch(
        /other runs: its weights are identical to those of tiny seed 1 \(run_\w+\), another training/,
      )
    }
    const modelOf = (run: string) =>
      manifestOf(run).artifacts.find(({ role }: { role: string }) => role === 'model').sha256
    expect(new Set([folder, ...copies].map(modelOf)).size).toBe(3)
    expect(await findRun(store.db, manifestOf(copies[0] ?? '').runId)).toBeUndefined()
  })

  it('goes on with the others when a manifest cannot be read, and says which', async () => {
    const torn = join(place, 'torn')
    cpSync(folder, torn, { recursive: true })
    writeFileSync(join(torn, 'manifest.json'), '{"schemaVersion": 1')
    const bare = join(place, 'bare')
    cpSync(folder, bare, { recursive: true })
    rmSync(join(bare, 'predictions.parquet'))
    const { code, stdout } = await mateBench(['publish', torn, bare, folder, '--json'])
    expect(code).toBe(1)
    const outcomes: { folder: string; state: string; problems?: string[] }[] = JSON.parse(stdout).runs
    expect(outcomes.map((outcome) => [outcome.folder, outcome.state])).toEqual([
      [torn, 'refused'],
      [bare, 'refused'],
      [folder, 'unchanged'],
    ])
    expect(outcomes[0]?.problems?.join()).toContain('manifest.json')
    expect(outcomes[1]?.problems?.join()).toContain('predictions.parquet')
  })

  it('keeps the run folder when the database is away, and says how to retry', async () => {
    const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')])
    const away = { DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/away' }
    const { code, stdout, stderr } = await mateBench(['publish', folder], away)
    expect(code).toBe(1)
    expect(stderr).toContain('[storage]')
    expect(stderr).toContain('run the same `mate-bench publish` again')
    expect(stdout + stderr).not.toContain('hunter2')
    expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')])).toEqual(
      before,
    )
  })

  it('keeps the run folder when each connection is lost in the middle of it, and says how to retry', async () => {
    const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')])
    const { code, stderr } = await store.db.transaction(async (tx) => {
      await tx.execute(sql`lock table tracks in share mode`)
      let ended: Ended | undefined
      mateBench(['publish', folder]).then((result) => {
        ended = result
      })
      return await vi.waitFor(
        async () => {
          // Each of its connections comes to wait for the table.
          await store.db.execute(
            sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          )
          if (!ended) throw new Error('it still tries')
          return ended
        },
        { timeout: 50_000 },
      )
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error \[storage\] The database cannot be reached while publishing run_/)
    expect(stderr).toContain('run the same `mate-bench publish` again')
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')])).toEqual(
      before,
    )
  })

  it('says where the database is without its password, and what it holds', async () => {
    const where = await mateBench(['db', 'where', '--json'])
    const { hostname, port, pathname, password } = new URL(store.url)
    expect(JSON.parse(where.stdout)).toEqual({
      kind: 'server',
      server: `${hostname}:${port}${pathname}`,
      artifacts,
    })
    expect(where.stdout).not.toContain(password)
    await mateBench(['db', 'seed', '--no-results'])
    const { counts, migrations } = JSON.parse((await mateBench(['db', 'status', '--json'])).stdout)
    expect(counts).toMatchObject({ runs: 1, entries: 1, tracks: 1 })
    expect(counts.publishedResults).toBeGreaterThan(700)
    expect(migrations.applied).toBe(migrations.known)
  })

  it('says that tables are missing in a new database', async () => {
    const empty = await openTestStore('embedded', { empty: true })
    const { code, stderr } = await mateBench(['publish', folder], { DATABASE_URL: empty.url })
    expect(code).toBe(1)
    expect(stderr).toContain('mate-bench db migrate')
    expect(stderr).not.toContain('insert into')
    await mateBench(['db', 'migrate'], { DATABASE_URL: empty.url })
    expect((await mateBench(['publish', folder], { DATABASE_URL: empty.url })).code).toBe(0)
    await empty.close()
  })
})

it('publishes every run though nobody reads what it says', async () => {
  const runs = join(place, 'unread')
  const specs = ['unread-a', 'unread-b'].map((name) => tinySpec({ name, method: { name: 'joint' } }))
  const folders: string[] = []
  for (const spec of specs)
    folders.push((await runSpec({ spec, seed: 2, out: runs, backend: 'wasm' })).folder)
  const command = [process.execPath, program, 'publish', ...folders].map((word) => `'${word}'`).join(' ')
  const env = { ...process.env, DATABASE_URL: store.url, MATE_BENCH_ARTIFACTS: artifacts }
  const { stdout, stderr } = await promisify(execFile)(
    '/bin/sh',
    ['-c', `{ ${command}; echo "exit code $?" >&2; } | head -n 1`],
    { env },
  )
  expect(stdout.split('\n').filter(Boolean)).toHaveLength(1)
  expect(stderr).toBe('exit code 0\n')
  for (const run of folders) expect(await findRun(store.db, manifestOf(run).runId), run).toBeDefined()
})
