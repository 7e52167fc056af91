import { createHash } from 'node:crypto'
import { digestJson } from '@mate-bench/provenance'
import { BenchError } from '@mate-bench/schema'
import { datasetFolder, defaultDataFolder } from '../files/data-folder.ts'
import { withFolderLock } from '../files/folder-lock.ts'
import { imageFolder } from '../image-folder.ts'
import { openDecoder } from '../pictures/decoder.ts'
import { type FoundPicture, type PackProgress, packPictures } from '../pictures/pack.ts'
import { packedFolder, readPackedIndex } from '../pictures/packed-file.ts'
import type { PictureSize } from '../pictures/picture-options.ts'
import { arrangeFolder, type FolderPicture, splitFileName } from './arrange-folder.ts'
import { findFiles } from './find-files.ts'

export interface AddImageFolderOptions {
  /** A folder or a zip, tar or tar.gz archive; it is only read. */
  readonly from: string
  /** @default `defaultDataFolder()` */
  readonly dataFolder?: string | undefined
  /** @default 224 */
  readonly size?: PictureSize | undefined
  readonly testShare?: number | undefined
  /** @default 0 */
  readonly splitSeed?: number | undefined
  readonly onProgress?:
    | ((progress: PackProgress | { readonly phase: 'reading'; readonly images: number }) => void)
    | undefined
  readonly signal?: AbortSignal | undefined
}

export interface AddedImageFolder {
  /** Of the packed pictures. */
  readonly folder: string
  readonly state: 'added' | 'present'
  /** The dataset part of a spec. */
  readonly dataset: ReturnType<typeof imageFolder.options.parse>
}

const pictureName = /\.(jpe?g|png)$/i
/** Texts that stand beside pictures. */
const textName = /(^|\/)(readme|licen[cs]e|copying)[^/]*$|\.(txt|md|csv|json|xml|mat)$/i

/**
 * Reads pictures of the user's own, names them by their content, and packs them.
 *
 * @throws BenchError `bad-input` naming what can't be used, `storage`, `interrupted`, `not-found` without sharp
 */
export async function addImageFolder(opts: AddImageFolderOptions): Promise<AddedImageFolder> {
  const { from, signal } = opts
  const decoder = await openDecoder()
  const read = await readAll(opts)
  const arranged = arrangeFolder(read.pictures, {
    from,
    splitFile: read.splitFile,
    testShare: opts.testShare,
    splitSeed: opts.splitSeed,
  })
  const rows = (pictures: typeof arranged.train) =>
    pictures.map(({ path, label, sha256 }) => [path, label, sha256])
  const content = digestJson({
    format: 'image-folder',
    version: 1,
    classes: [...arranged.classes],
    train: rows(arranged.train),
    test: rows(arranged.test),
  })
  const images = { train: arranged.train.length, test: arranged.test.length }
  const dataset = imageFolder.options.parse({
    name: 'image-folder',
    content,
    classes: arranged.classes,
    images,
    ...(opts.size === undefined ? {} : { size: opts.size }),
    validation: { size: validationSize(images.train, arranged.classes.length) },
  })
  const described = imageFolder.describe?.(dataset)
  if (!described || !('pictures' in described))
    throw new BenchError({ code: 'internal', message: 'An image folder has no plan.' })
  const home = datasetFolder(described, opts.dataFolder ?? defaultDataFolder())
  const { shortSide } = described.pictures
  const folder = packedFolder(home, shortSide, decoder.versions)
  if (await readPackedIndex(folder)) return { folder, state: 'present', dataset }
  await withFolderLock(
    home,
    async (locked) => {
      if (await readPackedIndex(folder)) return
      await packPictures({
        folder,
        decoder,
        resizing: { shortSide, cropBottom: 0 },
        sources: [],
        totalImages: read.pictures.length,
        find: (isWanted) => picturesOf(from, read, isWanted),
        arrange: () => arranged,
        onProgress: opts.onProgress,
        signal: locked,
      })
    },
    { signal },
  )
  return { folder, state: 'added', dataset }
}

/** A tenth, as whole images, where that leaves every class some. */
function validationSize(train: number, classes: number): number {
  return Math.min(Math.round(train / 10), train - classes)
}

interface Read {
  readonly pictures: readonly FolderPicture[]
  readonly splitFile: string | undefined
  /** Folders around everything, with a slash behind; not part of any path. */
  readonly around: string
}

async function readAll({ from, onProgress, signal }: AddImageFolderOptions): Promise<Read> {
  const pictures: FolderPicture[] = []
  const splitFiles = new Map<string, string>()
  for await (const { path, read } of findFiles(from)) {
    if (signal?.aborted) throw stopped(from)
    if (pictureName.test(path)) {
      pictures.push({ path, sha256: sha256Of(await read()) })
      onProgress?.({ phase: 'reading', images: pictures.length })
    } else if (path.split('/').at(-1) === splitFileName) {
      splitFiles.set(path, new TextDecoder().decode(await read()))
    } else if (!textName.test(path)) {
      throw new BenchError({
        code: 'bad-input',
        message: `${path} in ${from} is neither JPEG nor PNG.`,
        path,
        hint: 'Convert it to .jpg or .png, or take it out.',
      })
    }
  }
  const around = foldersAround(pictures)
  return {
    pictures: pictures.map(({ path, sha256 }) => ({ path: path.slice(around.length), sha256 })),
    splitFile: splitFiles.get(`${around}${splitFileName}`),
    around,
  }
}

/** Folders that everything lies in, as archives often have one: all but what holds splits or classes. */
function foldersAround(pictures: readonly FolderPicture[]): string {
  const [first] = pictures
  let around = ''
  if (!first) return around
  for (const part of first.path.split('/').slice(0, -1)) {
    const next = `${around}${part}/`
    const isShared = pictures.every(({ path }) => path.startsWith(next))
    if (!isShared || part === 'train' || part === 'test') break
    around = next
  }
  return around
}

async function* picturesOf(
  from: string,
  { around, pictures }: Read,
  isWanted: (path: string) => boolean,
): AsyncGenerator<FoundPicture, void, undefined> {
  const digests = new Map(pictures.map(({ path, sha256 }) => [path, sha256]))
  for await (const file of findFiles(from)) {
    const path = file.path.slice(around.length)
    if (!pictureName.test(file.path) || !isWanted(path)) continue
    const bytes = await file.read()
    // The name of the whole was computed from what was read first.
    if (digests.get(path) !== sha256Of(bytes)) throw changed(from, path)
    yield { path, bytes }
  }
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function changed(from: string, path: string): BenchError {
  return new BenchError({
    code: 'bad-input',
    message: `${path} in ${from} was changed while the pictures were being read.`,
    path: from,
    hint: 'Run the command again, once nothing else writes there.',
  })
}

function stopped(from: string): BenchError {
  return new BenchError({
    code: 'interrupted',
    message: `Stopped while ${from} was being read.`,
    path: from,
    hint: 'Run the command again.',
  })
}
