import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, normalize, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGunzip } from 'node:zlib'
import { BenchError } from '@mate-bench/schema'
import { extract } from 'tar-stream'
import { type Entry, type Options, open, type ZipFile } from 'yauzl'
import type { Take } from '../engine.ts'

/** Unpacks the members that `take` names from a wheel (a zip file) into `folder`. */
export async function unpackWheel(path: string, take: readonly Take[], folder: string): Promise<void> {
  const zip = await promisify<string, Options, ZipFile>(open)(path, { lazyEntries: true })
  const taken = new Set<Take>()
  await new Promise<void>((resolve, reject) => {
    const unpack = async (entry: Entry): Promise<void> => {
      const target = destination(entry.fileName, take, folder, taken)
      if (target === undefined) return
      await mkdir(dirname(target), { recursive: true })
      const content = await promisify<Entry, Readable>(zip.openReadStream.bind(zip))(entry)
      await pipeline(content, createWriteStream(target))
    }
    zip.on('entry', (entry: Entry) => unpack(entry).then(() => zip.readEntry(), reject))
    zip.on('end', resolve)
    zip.on('error', reject)
    zip.readEntry()
  }).finally(() => zip.close())
  requireAll(path, take, taken)
}

/** The same from an npm package's tarball. */
export async function unpackNpm(path: string, take: readonly Take[], folder: string): Promise<void> {
  const taken = new Set<Take>()
  const tar = extract()
  const members = (async () => {
    for await (const entry of tar) {
      const target = entry.header.type === 'file' && destination(entry.header.name, take, folder, taken)
      if (target) {
        await mkdir(dirname(target), { recursive: true })
        await pipeline(entry, createWriteStream(target))
      } else entry.resume()
    }
  })()
  await Promise.all([pipeline(createReadStream(path), createGunzip(), tar), members])
  requireAll(path, take, taken)
}

/** Where a member goes; undefined where it is not wanted. The archives are pinned, and still held to their folder. */
function destination(
  member: string,
  take: readonly Take[],
  folder: string,
  taken: Set<Take>,
): string | undefined {
  const rule = take.find(({ from }) => member.startsWith(from))
  if (!rule || member.endsWith('/')) return undefined
  const target = normalize(join(folder, rule.to + member.slice(rule.from.length)))
  if (!target.startsWith(normalize(folder) + sep)) return undefined
  taken.add(rule)
  return target
}

function requireAll(path: string, take: readonly Take[], taken: ReadonlySet<Take>): void {
  const missing = take.filter((rule) => !taken.has(rule)).map(({ from }) => from)
  if (missing.length > 0) {
    throw new BenchError({
      code: 'internal',
      message: `${path} holds no ${missing.join(', no ')}.`,
      path,
      hint: 'The pinned file and the list of what is taken out of it do not fit together: please report it.',
    })
  }
}
