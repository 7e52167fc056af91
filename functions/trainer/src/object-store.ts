import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { BenchError } from '@mate-bench/schema'
import { openS3Client } from '@mate-bench/store/s3-client'

/** Bytes under names, in a bucket or a folder. What is put is there whole or not at all. */
export interface ObjectStore {
  /** For people. */
  readonly where: string
  /** @throws BenchError `storage` */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** Undefined where there is none. @throws BenchError `storage` */
  get(key: string): Promise<Uint8Array | undefined>
  /** From a file of any size, as a stream. @throws BenchError `storage` */
  putFile(key: string, path: string): Promise<void>
  /** Into a file, as a stream; false where there is none. @throws BenchError `storage` */
  getFile(key: string, path: string): Promise<boolean>
  /** Those that are not there are no error. @throws BenchError `storage` */
  remove(keys: readonly string[]): Promise<void>
}

/**
 * @param place `s3://BUCKET`, `s3://BUCKET/PREFIX`, or a folder
 * @throws BenchError `bad-input`
 */
export function openObjectStore(place: string, client?: S3Client): ObjectStore {
  if (!place.startsWith('s3:')) return folderStore(resolve(place))
  const [, bucket, prefix] = /^s3:\/\/([a-z0-9][a-z0-9.-]+[a-z0-9])(?:\/(.*?))?\/?$/.exec(place) ?? []
  if (bucket !== undefined) return s3Store(bucket, prefix ?? '', client)
  throw new BenchError({
    code: 'bad-input',
    message: `${place} names no bucket.`,
    path: place,
    hint: 'Write s3://BUCKET or s3://BUCKET/PREFIX, or the path of a folder.',
  })
}

function folderStore(folder: string): ObjectStore {
  const guard = guardFor(folder)
  return {
    where: folder,
    put: (key, bytes) =>
      guard(async () => {
        const path = join(folder, key)
        await mkdir(dirname(path), { recursive: true })
        await writeFile(`${path}.part`, bytes)
        await rename(`${path}.part`, path)
      }),
    get: (key) =>
      guard(async () => {
        try {
          return new Uint8Array(await readFile(join(folder, key)))
        } catch (thrown) {
          if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
          throw thrown
        }
      }),
    putFile: (key, from) =>
      guard(async () => {
        const path = join(folder, key)
        await mkdir(dirname(path), { recursive: true })
        await copyFile(from, `${path}.part`)
        await rename(`${path}.part`, path)
      }),
    getFile: (key, path) =>
      guard(async () => {
        try {
          await copyFile(join(folder, key), path)
          return true
        } catch (thrown) {
          if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return false
          throw thrown
        }
      }),
    remove: (keys) =>
      guard(async () => {
        for (const key of keys) await rm(join(folder, key), { force: true })
      }),
  }
}

function s3Store(bucket: string, prefix: string, client = openS3Client()): ObjectStore {
  const where = prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`
  const guard = guardFor(where)
  const name = (key: string) => (prefix === '' ? key : `${prefix}/${key}`)
  return {
    where,
    put: (key, bytes) =>
      guard(async () => {
        await client.send(
          new PutObjectCommand({ Bucket: bucket, Key: name(key), Body: bytes, ContentLength: bytes.length }),
        )
      }),
    get: (key) =>
      guard(async () => {
        try {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: name(key) }))
          return await Body?.transformToByteArray()
        } catch (thrown) {
          if (thrown instanceof NoSuchKey) return undefined
          throw thrown
        }
      }),
    putFile: (key, path) =>
      guard(async () => {
        const { size } = await stat(path)
        const Body = createReadStream(path)
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: name(key), Body, ContentLength: size }))
      }),
    getFile: (key, path) =>
      guard(async () => {
        try {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: name(key) }))
          if (!Body) return false
          await pipeline(Body as Readable, createWriteStream(path))
          return true
        } catch (thrown) {
          if (thrown instanceof NoSuchKey) return false
          throw thrown
        }
      }),
    remove: (keys) =>
      guard(async () => {
        if (keys.length === 0) return
        const Objects = keys.map((key) => ({ Key: name(key) }))
        await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }))
      }),
  }
}

function guardFor(where: string): <T>(act: () => Promise<T>) => Promise<T> {
  return async (act) => {
    try {
      return await act()
    } catch (thrown) {
      const reason = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
      throw new BenchError({
        code: 'storage',
        message: `${where} cannot be reached: ${reason.replace(/\.$/, '')}.`,
        path: where,
        hint: 'Check the bucket, the rights of the role and AWS_ENDPOINT_URL_S3, then try again.',
        cause: thrown,
      })
    }
  }
}
