import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openS3Client } from '@mate-bench/store/s3-client'
import { type SilentServer, startSilentServer } from '@mate-bench/store/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ObjectStore, openObjectStore } from './object-store.ts'

/** Says that it has much, and gives little of it. */
let silent: SilentServer
let store: ObjectStore
const folder = mkdtempSync(join(tmpdir(), 'object-store-'))
const before = { ...process.env }
beforeAll(async () => {
  silent = await startSilentServer((request, response) => {
    if (request.method !== 'GET') return
    response.writeHead(200, { 'content-length': 1000 })
    response.write('little')
  })
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: silent.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
  store = openObjectStore('s3://bucket/checkpoints', openS3Client({ silenceMilliseconds: 100 }))
})
afterAll(() => {
  silent.close()
  process.env = before
  rmSync(folder, { recursive: true })
})

it.each([
  ['a checkpoint', () => store.get('key')],
  ['a file of a dataset', () => store.getFile('key', join(folder, 'file'))],
  ['a checkpoint that is sent', () => store.put('key', new Uint8Array(10))],
])('a bucket that falls silent is given up: %s', async (_, act) => {
  await expect(act()).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringContaining('100 ms of inactivity'),
  })
})
