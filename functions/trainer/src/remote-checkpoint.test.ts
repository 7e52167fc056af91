import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { runFiles } from '@mate-bench/harness/run-files'
import fc from 'fast-check'
import { startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ObjectStore, openObjectStore } from './object-store.ts'
import { CheckpointSender, RemoteCheckpoint } from './remote-checkpoint.ts'
import { MemoryObjects } from './testing/memory-objects.ts'

const runId = 'run_0123456789abcdef0123'
const pointerKey = `${runId}/checkpoint.json`

let work: string
let s3: Awaited<ReturnType<typeof startS3>>
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'mate-bench-checkpoint-'))
  s3 = await startS3()
})
afterAll(async () => {
  await s3?.close()
  await rm(work, { recursive: true, force: true })
})

/** A bucket behind a real protocol, and the environment that leads the SDK there. */
async function startS3() {
  const before = { ...process.env }
  const server = await startFauxqs({ port: 0, logger: false })
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${server.port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
  const client = new S3Client({ region: 'us-east-1', forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: 'checkpoints' }))
  return {
    async keys(): Promise<string[]> {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'checkpoints' }))
      return Contents.map(({ Key = '' }) => Key.replace(/^runs\//, ''))
    },
    async close(): Promise<void> {
      client.destroy()
      await server.stop()
      process.env = before
    },
  }
}

type Files = Readonly<Partial<Record<string, Uint8Array>>>

let folders = 0
/** A run's folder with these files; nothing else is in it. */
async function folderOf(files: Files): Promise<string> {
  const folder = join(work, String(++folders), 'run.partial')
  for (const [file, bytes] of Object.entries(files)) {
    const path = join(folder, file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes ?? '')
  }
  return folder
}

/** Undefined where nothing was ever written. */
async function filesIn(folder: string): Promise<Files | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => undefined)
  if (!entries) return undefined
  const files: Record<string, Uint8Array> = {}
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) files[path.slice(folder.length + 1)] = new Uint8Array(await readFile(path))
  }
  return files
}

/** What another machine gets. */
async function restored(store: ObjectStore): Promise<{ word: string; files: Files | undefined }> {
  const folder = join(work, String(++folders), 'run.partial')
  const word = await new RemoteCheckpoint(store, runId).restore(folder)
  return { word, files: await filesIn(folder) }
}

const text = (content: string) => new TextEncoder().encode(content)
const first: Files = {
  [runFiles.checkpoint]: text('weights after epoch 1'),
  [runFiles.metrics]: text('{"epoch":1}\n'),
  [runFiles.log]: text('{"type":"started"}\n'),
  [runFiles.spec]: text('{}\n'),
}
/** Other bytes for each but the spec. */
const second: Files = {
  ...first,
  [runFiles.checkpoint]: text('weights after epoch 2'),
  [runFiles.log]: text('{"type":"started"}\n{"type":"epoch"}\n'),
  [runFiles.metrics]: text('{"epoch":1}\n{"epoch":2}\n'),
}

describe.each(['folder', 's3'] as const)('a checkpoint in a %s', (kind) => {
  let store: ObjectStore
  const keys = async () =>
    kind === 's3' ? await s3.keys() : Object.keys((await filesIn(join(work, 'kept'))) ?? {})
  beforeAll(() => {
    store = openObjectStore(kind === 's3' ? 's3://checkpoints/runs/' : join(work, 'kept'))
  })

  it('is none before the first', async () => {
    expect(await restored(store)).toEqual({ word: 'none', files: undefined })
  })

  it('comes back as it was sent, the newest alone stays, and nothing once it is dropped', async () => {
    const checkpoint = new RemoteCheckpoint(store, runId)
    await checkpoint.save(await folderOf(first))
    expect(await restored(store)).toEqual({ word: 'restored', files: first })
    expect(await keys()).toHaveLength(5)
    await checkpoint.save(await folderOf(second))
    expect(await restored(store)).toEqual({ word: 'restored', files: second })
    expect(await keys()).toHaveLength(5)
    await checkpoint.drop()
    expect(await keys()).toEqual([])
    expect((await restored(store)).word).toBe('none')
  })

  it('keeps files that are sent as streams', async () => {
    const [from, to] = [join(work, `${kind}-large`), join(work, `${kind}-back`)]
    const large = new Uint8Array(9_000_000).map((_, i) => i % 251)
    await writeFile(from, large)
    expect(await store.getFile('data/large', to)).toBe(false)
    await store.putFile('data/large', from)
    expect(await store.getFile('data/large', to)).toBe(true)
    expect((await readFile(to)).equals(large)).toBe(true)
    await store.remove(['data/large'])
  })

  it('goes on from what another machine sent', async () => {
    await new RemoteCheckpoint(store, runId).save(await folderOf(first))
    const next = new RemoteCheckpoint(store, runId)
    expect(await next.restore(await folderOf({}))).toBe('restored')
    await next.save(await folderOf(second))
    expect(await restored(store)).toEqual({ word: 'restored', files: second })
    expect(await keys()).toHaveLength(5)
    await next.drop()
    expect(await keys()).toEqual([])
  })
})

describe('a checkpoint', () => {
  const bytes = fc.uint8Array({ maxLength: 200 })
  const anyFiles = fc
    .record({
      [runFiles.checkpoint]: bytes,
      [runFiles.metrics]: bytes,
      [runFiles.log]: fc.option(bytes, { nil: undefined }),
      [runFiles.spec]: bytes,
    })
    .map((files): Files => Object.fromEntries(Object.entries(files).filter(([, content]) => content)))

  it('comes back with the same bytes, whatever was sent before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFiles, { minLength: 1, maxLength: 4 }), async (saves) => {
        const store = new MemoryObjects()
        const checkpoint = new RemoteCheckpoint(store, runId)
        for (const files of saves) await checkpoint.save(await folderOf(files))
        expect(await restored(store)).toEqual({ word: 'restored', files: saves.at(-1) })
        await checkpoint.drop()
        expect(store.objects.size).toBe(0)
      }),
      { numRuns: 30 },
    )
  })

  it('stays as it was where the new one could not be read at that moment', async () => {
    const store = new MemoryObjects()
    const checkpoint = new RemoteCheckpoint(store, runId)
    await checkpoint.save(await folderOf(first))
    const { [runFiles.checkpoint]: _, ...others } = second
    const folder = await folderOf(others)
    await mkdir(join(folder, runFiles.checkpoint), { recursive: true }) // there, and no file that can be read
    await checkpoint.save(folder)
    expect(await restored(store)).toEqual({ word: 'restored', files: first })
  })

  it('is written pointer last', async () => {
    const store = new MemoryObjects()
    await new RemoteCheckpoint(store, runId).save(await folderOf(second))
    expect(store.puts).toHaveLength(5)
    expect(store.puts.indexOf(pointerKey)).toBe(4)
  })

  // Four objects of the second differ from the first: three files and the pointer.
  const lost = [1, 2, 3, 4].flatMap((n) => (['before', 'after'] as const).map((moment) => ({ n, moment })))
  it.each(lost)(
    'stays whole when the connection is lost $moment put $n of the next',
    async ({ n, moment }) => {
      const store = new MemoryObjects()
      const checkpoint = new RemoteCheckpoint(store, runId)
      await checkpoint.save(await folderOf(first))
      store.failFrom('put', n, moment)
      const next = await folderOf(second)
      await expect(checkpoint.save(next)).rejects.toMatchObject({ code: 'storage' })
      store.mend()
      // An answer that was lost on its way does not undo the pointer.
      const arrived = n === 4 && moment === 'after'
      expect(await restored(store)).toEqual({ word: 'restored', files: arrived ? second : first })
      // The machine may still be there, and sends the next one.
      const third = { ...second, [runFiles.checkpoint]: text('weights after epoch 3') }
      await checkpoint.save(await folderOf(third))
      expect(await restored(store)).toEqual({ word: 'restored', files: third })
    },
  )

  it('needs no more puts than those', async () => {
    const store = new MemoryObjects()
    const checkpoint = new RemoteCheckpoint(store, runId)
    await checkpoint.save(await folderOf(first))
    store.failFrom('put', 5)
    await checkpoint.save(await folderOf(second))
    store.mend()
    expect(await restored(store)).toEqual({ word: 'restored', files: second })
  })

  it('is the new one where only the old could not be removed', async () => {
    const store = new MemoryObjects()
    const checkpoint = new RemoteCheckpoint(store, runId)
    await checkpoint.save(await folderOf(first))
    store.failFrom('remove', 1)
    await expect(checkpoint.save(await folderOf(second))).rejects.toMatchObject({ code: 'storage' })
    store.mend()
    expect(await restored(store)).toEqual({ word: 'restored', files: second })
  })

  it('is damaged where any object is missing or has another byte; nothing is written then', async () => {
    const store = new MemoryObjects()
    await new RemoteCheckpoint(store, runId).save(await folderOf(second))
    const whole = new Map(store.objects)
    const keys = [...whole.keys()].filter((key) => key !== pointerKey)
    expect(keys).toHaveLength(4)
    for (const key of keys) {
      const changed = Uint8Array.from(whole.get(key) ?? [])
      changed[0] = (changed[0] ?? 0) ^ 1
      store.objects.set(key, changed)
      expect(await restored(store), key).toEqual({ word: 'damaged', files: undefined })
      store.objects.delete(key)
      expect(await restored(store), key).toEqual({ word: 'damaged', files: undefined })
      store.objects.set(key, whole.get(key) ?? changed)
    }
    expect((await restored(store)).word).toBe('restored')
  })

  it.each([
    ['cut off', (pointer: string) => pointer.slice(0, -5)],
    ['without a checkpoint', (pointer: string) => pointer.replaceAll(runFiles.checkpoint, runFiles.metrics)],
    ['empty', () => '{"files":[]}'],
    [
      'with a file elsewhere',
      (pointer: string) => pointer.replace(runFiles.log, '../../.ssh/authorized_keys'),
    ],
    ['with an object of another run', (pointer: string) => pointer.replaceAll('run_01', 'run_99')],
  ])('is damaged with a pointer %s, and whole again with the next save', async (_, change) => {
    const store = new MemoryObjects()
    await new RemoteCheckpoint(store, runId).save(await folderOf(second))
    const pointer = new TextDecoder().decode(store.objects.get(pointerKey))
    expect(change(pointer)).not.toBe(pointer)
    store.objects.set(pointerKey, text(change(pointer)))
    expect(await restored(store)).toEqual({ word: 'damaged', files: undefined })
    const anew = new RemoteCheckpoint(store, runId)
    expect(await anew.restore(await folderOf({}))).toBe('damaged')
    await anew.save(await folderOf(first))
    expect(await restored(store)).toEqual({ word: 'restored', files: first })
  })

  it('stays as it is when the run has finished meanwhile', async () => {
    const store = new MemoryObjects()
    const checkpoint = new RemoteCheckpoint(store, runId)
    const folder = await folderOf(first)
    await checkpoint.save(folder)
    // What a finishing run does, step by step.
    await writeFile(join(folder, runFiles.manifest), '{}')
    await checkpoint.save(folder)
    await rm(join(folder, dirname(runFiles.checkpoint)), { recursive: true })
    await checkpoint.save(folder)
    await rename(folder, folder.replace('.partial', ''))
    await checkpoint.save(folder)
    expect(store.puts).toHaveLength(5)
    expect(await restored(store)).toEqual({ word: 'restored', files: first })
  })

  it('says storage where it cannot be written here', async () => {
    const store = new MemoryObjects()
    await new RemoteCheckpoint(store, runId).save(await folderOf(first))
    const file = join(work, 'a-file')
    await writeFile(file, '')
    const restoring = new RemoteCheckpoint(store, runId).restore(join(file, 'run.partial'))
    await expect(restoring).rejects.toMatchObject({ code: 'storage', path: join(file, 'run.partial') })
  })
})

describe('a bucket that is not there', () => {
  it('says storage, and which one', async () => {
    const store = openObjectStore('s3://no-such-bucket/runs')
    const problem = { code: 'storage', path: 's3://no-such-bucket/runs' }
    await expect(store.put('a', text('b'))).rejects.toMatchObject(problem)
    await expect(store.remove(['a'])).rejects.toMatchObject(problem)
    await expect(store.get('a')).rejects.toMatchObject(problem)
    expect(() => openObjectStore('s3://')).toThrow(expect.objectContaining({ code: 'bad-input' }))
  })
})

describe('CheckpointSender', () => {
  it('sends one at a time, and once more for all that came meanwhile', async () => {
    let atOnce = 0
    let sent = 0
    const sender = new CheckpointSender(
      async () => {
        expect(++atOnce).toBe(1)
        await sleep(5)
        atOnce--
        sent++
      },
      (thrown) => expect.unreachable(String(thrown)),
    )
    for (let i = 0; i < 5; i++) sender.request()
    await sender.settled()
    expect(sent).toBe(2)
    sender.request()
    await sender.settled()
    expect(sent).toBe(3)
  })

  it('tells what went wrong, and sends the next', async () => {
    const problems: unknown[] = []
    let sent = 0
    const sender = new CheckpointSender(
      async () => {
        if (++sent === 1) throw new Error('the first')
      },
      (thrown) => problems.push(thrown),
    )
    sender.request()
    sender.request()
    await sender.settled()
    expect(problems).toEqual([new Error('the first')])
    expect(sent).toBe(2)
  })
})
