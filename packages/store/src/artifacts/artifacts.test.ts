import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSilentServer } from '../testing/silent-server.ts'
import { type ArtifactStore, artifactKey, parseSha256 } from './artifact-store.ts'
import { openArtifacts } from './open-artifacts.ts'
import { openS3Artifacts } from './s3-artifacts.ts'
import { openS3Client } from './s3-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'artifacts-'))
const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251)
/** SHA-256 of nothing. */
const empty = parseSha256('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')

let server: Awaited<ReturnType<typeof startFauxqs>>
let client: S3Client
const before = { ...process.env }

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false })
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${server.port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
  client = new S3Client({ region: 'us-east-1', forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: 'artifacts' }))
})
afterAll(async () => {
  process.env = before
  client.destroy()
  await server.stop()
  rmSync(folder, { recursive: true })
})

/** Puts other bytes where an artifact should be. */
const damage = {
  folder: async (key: string) => writeFileSync(join(folder, key), 'other'),
  s3: async (key: string) => {
    await client.send(new PutObjectCommand({ Bucket: 'artifacts', Key: `runs/${key}`, Body: 'other' }))
  },
}

describe.each([
  ['folder', folder],
  ['s3', 's3://artifacts/runs/'],
] as const)('artifacts in a %s', (kind, where) => {
  let store: ArtifactStore
  beforeAll(async () => {
    store = await openArtifacts(where)
  })

  it('gives back what was put, under the digest of its bytes', async () => {
    const sha256 = await store.put(bytes, 'application/octet-stream')
    expect(await store.get(sha256)).toEqual(bytes)
    expect(await store.head(sha256)).toEqual({ bytes: bytes.length })
    expect(await store.put(bytes, 'application/octet-stream')).toBe(sha256)
    expect(await store.put(new Uint8Array(), 'text/plain')).toBe(empty)
    expect(await store.get(empty)).toEqual(new Uint8Array())
  })

  it('says what is not there', async () => {
    const nowhere = parseSha256('0'.repeat(64))
    expect(await store.head(nowhere)).toBeUndefined()
    await expect(store.get(nowhere)).rejects.toMatchObject({ code: 'data-missing' })
  })

  it('refuses bytes that were damaged, and mends them when they are put again', async () => {
    const content = new TextEncoder().encode('damaged later')
    const sha256 = await store.put(content, 'text/plain')
    await damage[kind](artifactKey(sha256))
    await expect(store.get(sha256)).rejects.toMatchObject({ code: 'checksum-mismatch' })
    await store.put(content, 'text/plain')
    expect(await store.get(sha256)).toEqual(content)
  })
})

describe('artifacts', () => {
  it.each(['../../etc/passwd', 'A'.repeat(64), `${'0'.repeat(63)}/`, `${'0'.repeat(64)}\n`, ''])(
    'have no name %j',
    (name) => {
      expect(() => parseSha256(name)).toThrow(expect.objectContaining({ code: 'bad-input' }))
    },
  )

  it('leave no unfinished file behind', () => {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('have a public place where there is one', async () => {
    const env = {
      MATE_BENCH_ARTIFACTS: 's3://artifacts',
      MATE_BENCH_ARTIFACTS_URL: 'https://files.example.org/',
    }
    const store = await openArtifacts(undefined, env)
    expect(store.url?.(empty)).toBe(`https://files.example.org/sha256/e3/${empty}`)
    expect((await openArtifacts(folder)).url).toBeUndefined()
  })

  it('say that the bucket went away in the middle of one', async () => {
    const breaking = createServer((_, response) => {
      response.writeHead(200, { 'content-length': bytes.length })
      response.write(bytes.subarray(0, 1000), () => response.destroy())
    })
    await new Promise<void>((done) => breaking.listen(0, '127.0.0.1', done))
    const endpoint = process.env.AWS_ENDPOINT_URL_S3
    process.env.AWS_ENDPOINT_URL_S3 = `http://127.0.0.1:${(breaking.address() as AddressInfo).port}`
    const store = await openArtifacts('s3://artifacts')
    process.env.AWS_ENDPOINT_URL_S3 = endpoint
    await expect(store.get(empty)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('The artifacts in s3://artifacts cannot be reached'),
    })
    breaking.close()
  })

  it.each([
    ['before it answers', undefined],
    [
      'in the middle of one',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': bytes.length })
        response.write(bytes.subarray(0, 1000))
      },
    ],
  ])('say that the bucket has fallen silent %s', async (_, begin) => {
    const silent = await startSilentServer((_request, response) => begin?.(response))
    const endpoint = process.env.AWS_ENDPOINT_URL_S3
    process.env.AWS_ENDPOINT_URL_S3 = silent.url
    const store = openS3Artifacts({ bucket: 'artifacts' }, openS3Client({ silenceMilliseconds: 100 }))
    process.env.AWS_ENDPOINT_URL_S3 = endpoint
    await expect(store.get(empty)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('100 ms of inactivity'),
    })
    silent.close()
  })

  it('say what is wrong with a bucket', async () => {
    await expect(openArtifacts('s3://')).rejects.toMatchObject({ code: 'bad-input' })
    const store = await openArtifacts('s3://no-such-bucket')
    await expect(store.put(bytes, 'text/plain')).rejects.toMatchObject({ code: 'storage' })
  })
})
