import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultDataFolder } from '../files/data-folder.ts'
import { readPackedIndex } from '../pictures/packed-file.ts'

/** Pictures of one's own that are in the data folder, packed for one size. */
export interface AddedPictures {
  /** As tracks name them. */
  readonly name: string
  readonly folder: string
  readonly shortSide: number
  readonly classes: readonly string[]
  readonly counts: { readonly train: number; readonly test: number }
  /** Of the packed file. */
  readonly bytes: number
}

/** What `data add image-folder` brought so far. A folder whose index can't be read is passed over: opening it says why. */
export async function listImageFolders(dataFolder = defaultDataFolder()): Promise<AddedPictures[]> {
  const added: AddedPictures[] = []
  for (const name of await imageFolderNames(dataFolder)) {
    for (const packed of await namesIn(join(dataFolder, name), /^packed-\d+-[0-9a-f]{8}$/)) {
      const folder = join(dataFolder, name, packed)
      const index = await readPackedIndex(folder).catch(() => undefined)
      if (!index) continue
      const { shortSide, classes, bytes, train, test } = index
      const counts = { train: train.labels.length, test: test.labels.length }
      added.push({ name, folder, shortSide, classes, counts, bytes })
    }
  }
  return added
}

/** Names of pictures of one's own in the data folder, whether or not they can be read. */
export async function imageFolderNames(dataFolder = defaultDataFolder()): Promise<string[]> {
  return await namesIn(dataFolder, /^image-folder-[0-9a-f]{32}$/)
}

async function namesIn(folder: string, pattern: RegExp): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => pattern.test(name)).sort()
}
