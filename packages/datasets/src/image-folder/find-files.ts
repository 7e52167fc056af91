import { open, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import { type ArchiveFile, type Packing, readArchive } from '../pictures/archive.ts'

/** Files that systems and archivers leave among pictures. */
const leftovers = /(^|\/)(\.[^/]*|Thumbs\.db|desktop\.ini|__MACOSX\/.*)$/i

/**
 * The files of a folder or archive of pictures, by path, without what systems leave behind.
 *
 * @throws BenchError `bad-input` for what is neither, and for links
 */
export async function* findFiles(from: string): AsyncGenerator<ArchiveFile, void, undefined> {
  const found = await stat(from).catch(() => undefined)
  if (!found) throw new BenchError({ code: 'bad-input', message: `There is no ${from}.`, path: from })
  const files = found.isDirectory() ? filesOfFolder(from, '') : readArchive(from, await packingOf(from))
  for await (const file of files) if (!leftovers.test(file.path)) yield file
}

/** Sorted, so that the order is the same on every file system. */
async function* filesOfFolder(root: string, folder: string): AsyncGenerator<ArchiveFile, void, undefined> {
  const entries = await readdir(join(root, folder), { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) yield* filesOfFolder(root, path)
    else if (entry.isFile())
      yield { path, read: async () => new Uint8Array(await readFile(join(root, path))) }
    else if (!leftovers.test(path)) {
      throw new BenchError({
        code: 'bad-input',
        message: `${join(root, path)} is a link, or not a plain file.`,
        path: join(root, path),
        hint: 'Put a copy of the picture in its place, or take it out.',
      })
    }
  }
}

/** By the first bytes, whatever the name. */
async function packingOf(path: string): Promise<Packing> {
  const handle = await open(path, 'r')
  const head = Buffer.alloc(512)
  try {
    await handle.read(head, 0, head.length, 0)
  } finally {
    await handle.close()
  }
  if (head[0] === 0x1f && head[1] === 0x8b) return 'tar.gz'
  if (head.toString('latin1', 0, 2) === 'PK') return 'zip'
  if (head.toString('latin1', 257, 262) === 'ustar') return 'tar'
  throw new BenchError({
    code: 'bad-input',
    message: `${path} is neither a folder nor a zip, tar or tar.gz archive.`,
    path,
    hint: 'Give the folder that holds the class folders, or an archive of it.',
  })
}
