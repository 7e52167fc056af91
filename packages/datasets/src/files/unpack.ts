import { createReadStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGunzip, gunzip } from 'node:zlib'
import { BenchError } from '@mate-bench/schema'
import { extract } from 'tar-stream'
import type { PublishedFile, PublishedMember } from '../dataset.ts'
import { plainBytes } from './bytes.ts'

/** What an archive may hold besides its listed members: their headers, a readme, a list of names. */
const slackBytes = 16 * 1024 * 1024

/**
 * The content of a gzipped file, refused as soon as it grows beyond the member's published size.
 *
 * @throws BenchError `bad-input` when it is no gzip file or holds more
 */
export async function gunzipMember(packed: Uint8Array, member: PublishedMember): Promise<Uint8Array> {
  try {
    return plainBytes(await promisify(gunzip)(packed, { maxOutputLength: member.bytes }))
  } catch (cause) {
    throw refused(`${member.name}.gz`, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

/**
 * The listed members of a tar.gz archive, in memory: nothing is written, so no path in the archive can lead
 * anywhere. Entries that are not listed are skipped.
 *
 * @throws BenchError `bad-input` when a listed member is a link or anything but a file, has another size than
 *   published, comes twice or is absent, when the archive is larger than its list allows, or can't be read
 */
export async function unpackTarGz(path: string, file: PublishedFile): Promise<Map<string, Uint8Array>> {
  const listed = new Map(file.members.map((member) => [member.path ?? member.name, member]))
  const limitBytes = file.members.reduce((sum, member) => sum + member.bytes, slackBytes)
  const contents = new Map<string, Uint8Array>()

  const entries = extract()
  entries.on('entry', (header, stream, next) => {
    const member = listed.get(header.name.replace(/^\.\//, ''))
    const fail = (why: string) => entries.destroy(refused(file.name, `${header.name} ${why}`))
    stream.on('error', () => {}) // reported by the archive's own stream
    if (!member) {
      stream.on('end', next)
      stream.resume()
      return
    }
    if (header.type !== 'file') return fail(`is a ${header.type}, expected a file`)
    if (header.size !== member.bytes) return fail(`has ${header.size} bytes, expected ${member.bytes}`)
    if (contents.has(member.name)) return fail('comes twice')
    const content = new Uint8Array(member.bytes)
    let filled = 0
    contents.set(member.name, content)
    stream.on('data', (chunk) => {
      const bytes = chunk as Uint8Array
      content.set(bytes, filled)
      filled += bytes.length
    })
    stream.on('end', next)
  })

  try {
    await pipeline(createReadStream(path), createGunzip(), byteLimit(file.name, limitBytes), entries)
  } catch (error) {
    if (error instanceof BenchError) throw error
    throw refused(file.name, error instanceof Error ? error.message : String(error), error)
  }
  const absent = file.members.find((member) => !contents.has(member.name))
  if (absent) throw refused(file.name, `${absent.path ?? absent.name} is not in it`)
  return contents
}

function byteLimit(name: string, limitBytes: number): Transform {
  let passed = 0
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      passed += chunk.length
      if (passed > limitBytes) done(refused(name, `it unpacks to more than ${limitBytes} bytes`))
      else done(null, chunk)
    },
  })
}

function refused(name: string, why: string, cause?: unknown): BenchError {
  return new BenchError({
    code: 'bad-input',
    message: `${name} can't be unpacked: ${why}.`,
    path: name,
    cause,
  })
}
