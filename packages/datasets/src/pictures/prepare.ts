import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import type { ArchiveLayout, PicturesDataset, PublishedFile } from '../dataset.ts'
import { checksumMismatch, compareContent } from '../files/checksum.ts'
import { dataMissing, datasetFolder, defaultDataFolder, howToGet } from '../files/data-folder.ts'
import { withFolderLock } from '../files/folder-lock.ts'
import { fileExists } from '../files/read-published.ts'
import { type Packing, readArchive } from './archive.ts'
import { openDecoder } from './decoder.ts'
import { type FoundPicture, type PackProgress, packPictures } from './pack.ts'
import { type PackedIndex, packedFolder, readPackedIndex } from './packed-file.ts'

export interface PrepareOptions {
  /** @default `defaultDataFolder()` */
  readonly dataFolder?: string | undefined
  /** False where minutes of decoding would come at a wrong time: what is not packed is then missing. @default true */
  readonly pack?: boolean | undefined
  readonly onProgress?: ((progress: PackProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Prepared {
  readonly folder: string
  readonly index: PackedIndex
}

/**
 * The packed pictures of a dataset: those that are there, else the archives are verified, decoded and packed, which goes
 * on where an earlier call stopped.
 *
 * @throws BenchError `data-missing`, `checksum-mismatch`, `bad-input` naming a picture, `storage`, `interrupted`, `not-found` without sharp
 */
export async function preparePictures(
  dataset: PicturesDataset,
  opts: PrepareOptions = {},
): Promise<Prepared> {
  const home = datasetFolder(dataset, opts.dataFolder ?? defaultDataFolder())
  const decoder = await openDecoder()
  const { shortSide, cropBottom = 0, archive } = dataset.pictures
  const folder = packedFolder(home, shortSide, decoder.versions)
  const there = await readPackedIndex(folder)
  if (there) return { folder, index: there }
  const missing = await missingFiles(dataset, home)
  if (!archive || missing.length > 0) throw dataMissing(dataset, home, missing)
  if (opts.pack === false) throw notPrepared(dataset, home)
  return await withFolderLock(
    home,
    async (signal) => {
      const meanwhile = await readPackedIndex(folder)
      if (meanwhile) return { folder, index: meanwhile }
      const sources: PackedIndex['sources'] = []
      for (const file of dataset.files)
        sources.push(await verifiedSource(dataset, file, join(home, file.name)))
      const lists = new Map<string, Uint8Array>()
      await packPictures({
        folder,
        decoder,
        resizing: { shortSide, cropBottom },
        sources,
        totalImages: dataset.counts.train + dataset.counts.test,
        find: (isWanted) => findInArchives(dataset.files, home, archive, lists, isWanted),
        arrange: async () => {
          const arranged = await archive.arrange(lists)
          requireCounts(dataset, arranged)
          return { classes: dataset.classes, ...arranged }
        },
        onProgress: opts.onProgress,
        signal,
      })
      const index = await readPackedIndex(folder)
      if (!index) throw dataMissing(dataset, home, [folder])
      return { folder, index }
    },
    { signal: opts.signal },
  )
}

function notPrepared({ name, imageShape }: PicturesDataset, home: string): BenchError {
  return new BenchError({
    code: 'data-missing',
    message: `The pictures of ${name} are here, but not packed yet in ${home}.`,
    path: home,
    hint: `Run \`mate-bench data prepare ${name} --size ${imageShape[0]}\`.`,
  })
}

async function missingFiles(dataset: PicturesDataset, home: string): Promise<string[]> {
  const missing: string[] = []
  for (const { name } of dataset.files) if (!(await fileExists(join(home, name)))) missing.push(name)
  return missing
}

/** An archive's own SHA-256, once it is what was published. */
async function verifiedSource(
  dataset: PicturesDataset,
  file: PublishedFile,
  path: string,
): Promise<PackedIndex['sources'][number]> {
  const { size } = await stat(path)
  const [sha256, md5] = [createHash('sha256'), createHash('md5')]
  const needsMd5 = file.sha256 === undefined
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>) {
    sha256.update(chunk)
    if (needsMd5) md5.update(chunk)
  }
  const found = { sha256: sha256.digest('hex'), md5: md5.digest('hex') }
  const mismatch = compareContent(file, size, (algorithm) => found[algorithm])
  if (mismatch) throw checksumMismatch(path, mismatch, `Move it away. ${howToGet(dataset)}`)
  return { name: file.name, bytes: size, sha256: found.sha256 }
}

/** Pictures as they come; lists go into `lists`. */
async function* findInArchives(
  files: readonly PublishedFile[],
  home: string,
  layout: ArchiveLayout,
  lists: Map<string, Uint8Array>,
  isWanted: (path: string) => boolean,
): AsyncGenerator<FoundPicture, void, undefined> {
  for (const { name, packing } of files) {
    for await (const { path, read } of readArchive(join(home, name), archivePacking(packing))) {
      const role = layout.roleOf(path)
      if (role === 'list') lists.set(path, await read())
      if (role === 'picture' && isWanted(path)) yield { path, bytes: await read() }
    }
  }
}

function archivePacking(packing: PublishedFile['packing']): Packing {
  if (packing !== 'gzip') return packing
  throw new BenchError({ code: 'internal', message: 'A single gzipped file holds no pictures.' })
}

function requireCounts(
  dataset: PicturesDataset,
  arranged: { readonly train: readonly unknown[]; readonly test: readonly unknown[] },
): void {
  for (const split of ['train', 'test'] as const) {
    const [found, expected] = [arranged[split].length, dataset.counts[split]]
    if (found === expected) continue
    throw new BenchError({
      code: 'bad-input',
      message: `The lists of ${dataset.name} name ${found} ${split} pictures, expected ${expected}.`,
      hint: howToGet(dataset),
    })
  }
}
