import { createReadStream } from 'node:fs'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGunzip } from 'node:zlib'
import { BenchError } from '@mate-bench/schema'
import { extract } from 'tar-stream'
import { type Entry, type Options, open, type ZipFile } from 'yauzl'

/** Anything larger is no picture that could be used. */
const maximumFileBytes = 64 << 20
/** Files in an archive, their bytes unpacked, and how many bytes one packed byte may become once there are some. */
const maximumFiles = 4_000_000
const maximumRatio = 200
const ratioFromBytes = 256 << 20

export type Packing = 'tar' | 'tar.gz' | 'zip'

/** A file of an archive; `read` may be called once, before the next one is asked for. */
export interface ArchiveFile {
  /** With `/` and no `.` or `..` in it. */
  readonly path: string
  read(): Promise<Uint8Array>
}

/**
 * The files of an archive, one at a time, as a stream: nothing is written, and no path leads anywhere. What could only
 * be meant to harm is refused: links, devices, paths that leave the archive, files that come twice, and contents that
 * unpack to far more than they are.
 *
 * @throws BenchError `bad-input`
 */
export async function* readArchive(
  archive: string,
  packing: Packing,
): AsyncGenerator<ArchiveFile, void, undefined> {
  const seen = new Set<string>()
  const admit = (name: string): string => {
    const path = safePath(archive, name)
    if (seen.has(path)) throw refused(archive, `${path} comes twice`)
    if (seen.size >= maximumFiles) throw refused(archive, `it holds more than ${maximumFiles} files`)
    seen.add(path)
    return path
  }
  yield* packing === 'zip' ? readZip(archive, admit) : readTar(archive, packing, admit)
}

type Admit = (name: string) => string

async function* readTar(
  archive: string,
  packing: 'tar' | 'tar.gz',
  admit: Admit,
): AsyncGenerator<ArchiveFile, void, undefined> {
  const entries = extract()
  const counter = { packed: 0 }
  const source = createReadStream(archive, { highWaterMark: 1 << 20 })
  const flow =
    packing === 'tar'
      ? pipeline(source, entries)
      : pipeline(source, count(counter), createGunzip(), ratioLimit(archive, counter), entries)
  let failure: unknown
  flow.catch((error: unknown) => {
    failure = error
  })
  try {
    for await (const entry of entries) {
      const { name, type, size } = entry.header
      if (type === 'directory') {
        entry.resume()
        continue
      }
      if (type !== 'file' && type !== 'contiguous-file')
        throw refused(archive, `${name} is a ${type}, expected a file`)
      const path = admit(name)
      let taken = false
      yield {
        path,
        async read() {
          taken = true
          if ((size ?? 0) > maximumFileBytes) throw refused(archive, `${path} has ${size} bytes`)
          return await collect(archive, path, entry)
        },
      }
      if (!taken) entry.resume()
    }
    await flow
  } catch (thrown) {
    const error = failure ?? thrown
    if (error instanceof BenchError) throw error
    throw refused(archive, error instanceof Error ? error.message : String(error), error)
  } finally {
    source.destroy()
  }
}

async function* readZip(archive: string, admit: Admit): AsyncGenerator<ArchiveFile, void, undefined> {
  const zip = await promisify<string, Options, ZipFile>(open)(archive, {
    lazyEntries: true,
    autoClose: false,
  }).catch((cause: unknown) => {
    throw refused(archive, cause instanceof Error ? cause.message : String(cause), cause)
  })
  const openEntry = promisify<Entry, Readable>(zip.openReadStream.bind(zip))
  let packedBytes = 0
  let bytes = 0
  try {
    for (;;) {
      const entry = await nextEntry(zip).catch((cause: unknown) => {
        throw refused(archive, cause instanceof Error ? cause.message : String(cause), cause)
      })
      if (!entry) return
      if (entry.fileName.endsWith('/')) continue
      // The upper half of the attributes is a file's mode where the archive was made on a Unix.
      const kind = (entry.externalFileAttributes >>> 16) & 0o170000
      if (kind !== 0 && kind !== 0o100000) throw refused(archive, `${entry.fileName} is not a plain file`)
      if ((entry.generalPurposeBitFlag & 1) !== 0) throw refused(archive, `${entry.fileName} is encrypted`)
      const path = admit(entry.fileName)
      packedBytes += entry.compressedSize
      bytes += entry.uncompressedSize
      requireRatio(archive, packedBytes, bytes)
      yield {
        path,
        async read() {
          if (entry.uncompressedSize > maximumFileBytes) {
            throw refused(archive, `${path} has ${entry.uncompressedSize} bytes`)
          }
          return await collect(archive, path, await openEntry(entry))
        },
      }
    }
  } finally {
    zip.close()
  }
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const done = () => {
      zip.off('entry', onEntry).off('end', onEnd).off('error', onError)
    }
    const onEntry = (entry: Entry) => {
      done()
      resolve(entry)
    }
    const onEnd = () => {
      done()
      resolve(undefined)
    }
    const onError = (error: Error) => {
      done()
      reject(error)
    }
    zip.on('entry', onEntry).on('end', onEnd).on('error', onError)
    zip.readEntry()
  })
}

async function collect(archive: string, path: string, stream: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      bytes += chunk.length
      if (bytes > maximumFileBytes) throw refused(archive, `${path} has more than ${maximumFileBytes} bytes`)
      chunks.push(chunk)
    }
  } catch (thrown) {
    if (thrown instanceof BenchError) throw thrown
    throw refused(archive, `${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`, thrown)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

/** The path without a leading `./`. @throws BenchError `bad-input` for one that leads out of the archive */
export function safePath(archive: string, name: string): string {
  const path = name.replace(/^(?:\.\/)+/, '')
  const parts = path.split('/')
  const isSafe =
    path !== '' &&
    !/[\\\0]/.test(path) &&
    !/^[a-z]:/i.test(path) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..')
  if (!isSafe) throw refused(archive, `it holds the path ${JSON.stringify(name)}, which leads out of it`)
  return path
}

function count(counter: { packed: number }): Transform {
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      counter.packed += chunk.length
      done(null, chunk)
    },
  })
}

function ratioLimit(archive: string, counter: { readonly packed: number }): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.length
      try {
        requireRatio(archive, counter.packed, bytes)
        done(null, chunk)
      } catch (error) {
        done(error as Error)
      }
    },
  })
}

function requireRatio(archive: string, packed: number, bytes: number): void {
  if (bytes > ratioFromBytes && bytes > packed * maximumRatio) {
    throw refused(archive, `${packed} bytes of it unpack to ${bytes}`)
  }
}

function refused(archive: string, why: string, cause?: unknown): BenchError {
  return new BenchError({
    code: 'bad-input',
    message: `${archive} can't be unpacked: ${why}.`,
    path: archive,
    hint: 'Get the archive again from where it was published, or make it again from the pictures.',
    cause,
  })
}
