import { appendFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { jpeg, png } from '../fixtures/pictures.ts'
import { temporaryFolder } from '../fixtures/tiny-dataset.ts'
import { openDecoder, type PictureDecoder } from './decoder.ts'
import { type FoundPicture, type PackOptions, packPictures, writeWhole } from './pack.ts'
import { openPack, packedFiles, readPackedIndex } from './packed-file.ts'

const count = 12
let decoder: PictureDecoder
let pictures: FoundPicture[]
beforeAll(async () => {
  decoder = await openDecoder()
  const make = async (i: number) => {
    const spec = { height: 20 + i, width: 30 - i, colour: [20 * i, 100, 200] as const, noise: 50 }
    return { path: `p${i}.jpg`, bytes: i % 3 === 0 ? await png(spec) : await jpeg(spec) }
  }
  pictures = await Promise.all(Array.from({ length: count }, (_, i) => make(i)))
})

function options(folder: string, changes: Partial<PackOptions> = {}): PackOptions {
  const label = (path: string, i: number) => ({ path, label: i % 2 })
  return {
    folder,
    decoder,
    resizing: { shortSide: 16, cropBottom: 0 },
    sources: [],
    totalImages: count,
    async *find(isWanted) {
      for (const found of pictures) if (isWanted(found.path)) yield found
    },
    arrange: () => ({
      classes: ['a', 'b'],
      // Not in the order of the source.
      train: pictures
        .slice(3)
        .map(({ path }) => path)
        .reverse()
        .map(label),
      test: pictures
        .slice(0, 3)
        .map(({ path }) => path)
        .map(label),
    }),
    ...changes,
  }
}

async function packed(folder: string) {
  const index = await readPackedIndex(folder)
  if (!index) throw new Error('There is no index.')
  return { index, pixels: await readFile(join(folder, packedFiles.pixels)) }
}

describe('packing pictures', () => {
  it('keeps each picture of its split with its label, wherever it lies in the file', async () => {
    const folder = join(await temporaryFolder(), 'packed')
    await packPictures(options(folder))
    const { index, pixels } = await packed(folder)
    const { train, test } = await openPack(folder, index)
    expect([...test.labels]).toEqual([0, 1, 0])
    expect(train.labels).toHaveLength(9)
    const inspected = await decoder.inspect(pictures[11]?.bytes ?? new Uint8Array(), '', {
      shortSide: 16,
      cropBottom: 0,
    })
    const last = await inspected.decode()
    expect([train.packed.heights[0], train.packed.widths[0]]).toEqual([last.height, last.width])
    const at = train.packed.offsets[0] ?? 0
    expect(pixels.subarray(at, at + last.pixels.length).equals(last.pixels)).toBe(true)
    expect(await readdir(folder)).toEqual([packedFiles.pixels, packedFiles.index])
  })

  it('goes on after a stop and gives the same bytes', async () => {
    const home = await temporaryFolder()
    const whole = join(home, 'whole')
    await packPictures(options(whole))
    const folder = join(home, 'stopped')
    const stop = new AbortController()
    const onProgress = ({ images }: { images: number }) => {
      if (images === 5) stop.abort()
    }
    await expect(packPictures(options(folder, { signal: stop.signal, onProgress }))).rejects.toMatchObject({
      code: 'interrupted',
    })
    // What was on its way when the machine went away: pixels without a line, half a line.
    await appendFile(join(`${folder}.partial`, packedFiles.pixels), Buffer.alloc(99, 7))
    await appendFile(join(`${folder}.partial`, 'journal.jsonl'), '{"path":"p9.jpg","hei')
    const decoded: string[] = []
    await packPictures(
      options(folder, {
        async *find(isWanted) {
          for (const found of pictures) {
            if (!isWanted(found.path)) continue
            decoded.push(found.path)
            yield found
          }
        },
      }),
    )
    expect(decoded.length).toBeLessThan(count)
    expect(decoded).not.toContain('p0.jpg')
    expect(await packed(folder)).toEqual(await packed(whole))
  })

  it('goes on where the file ends before what is noted of it, as a full disk leaves it', async () => {
    const home = await temporaryFolder()
    const whole = join(home, 'whole')
    await packPictures(options(whole))
    const folder = join(home, 'full')
    const stop = new AbortController()
    const onProgress = ({ images }: { images: number }) => {
      if (images === 8) stop.abort()
    }
    await packPictures(options(folder, { signal: stop.signal, onProgress })).catch(() => {})
    await truncate(join(`${folder}.partial`, packedFiles.pixels), 3000)
    await packPictures(options(folder))
    expect(await packed(folder)).toEqual(await packed(whole))
    expect(await readdir(folder)).toEqual([packedFiles.pixels, packedFiles.index])
  })

  it('writes all of a picture where the disk takes it in pieces', async () => {
    const written = new Uint8Array(10)
    const file = {
      async write(bytes: Uint8Array, offset: number, length: number, position: number) {
        const bytesWritten = Math.min(3, length)
        written.set(bytes.subarray(offset, offset + bytesWritten), position)
        return { bytesWritten, buffer: bytes }
      },
    } as Parameters<typeof writeWhole>[0]
    await writeWhole(file, Uint8Array.of(1, 2, 3, 4, 5, 6, 7), 2)
    expect([...written]).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 0])
  })

  it('begins again where another size, decoder or source was asked for before', async () => {
    const folder = join(await temporaryFolder(), 'packed')
    const stopAtOnce = AbortSignal.abort()
    await expect(packPictures(options(folder, { signal: stopAtOnce }))).rejects.toMatchObject({
      code: 'interrupted',
    })
    await packPictures(options(folder, { resizing: { shortSide: 20, cropBottom: 0 } }))
    expect((await packed(folder)).index.shortSide).toBe(20)
  })

  it('names the picture that stops it, and keeps what was done', async () => {
    const folder = join(await temporaryFolder(), 'packed')
    const broken = options(folder, {
      async *find(isWanted) {
        yield* pictures.slice(0, 4).filter(({ path }) => isWanted(path))
        yield { path: 'broken.jpg', bytes: pictures[1]?.bytes.subarray(0, 300) ?? new Uint8Array() }
      },
    })
    await expect(packPictures(broken)).rejects.toMatchObject({ code: 'bad-input', path: 'broken.jpg' })
    const lines = (await readFile(join(`${folder}.partial`, 'journal.jsonl'), 'utf8')).trim().split('\n')
    expect(lines.length).toBeGreaterThan(1)
    await expect(readPackedIndex(folder)).resolves.toBeUndefined()
  })

  it('misses a picture that is listed', async () => {
    const folder = join(await temporaryFolder(), 'packed')
    const train = [{ path: 'absent.jpg', label: 0 }]
    const arrange = () => ({ classes: ['a'], train, test: train })
    await expect(packPictures(options(folder, { arrange }))).rejects.toMatchObject({
      message: 'The picture absent.jpg is listed, but not there.',
    })
  })
})

describe('opening packed pictures', () => {
  it('refuses a file in which a byte changed, or that ends early', async () => {
    const folder = join(await temporaryFolder(), 'packed')
    await packPictures(options(folder))
    const { index, pixels } = await packed(folder)
    const file = join(folder, packedFiles.pixels)
    const changed = Buffer.from(pixels)
    changed[1000] = (changed[1000] ?? 0) ^ 1
    await writeFile(file, changed)
    await expect(openPack(folder, index)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('its sha256 is'),
    })
    await truncate(file, pixels.length - 1)
    await expect(openPack(folder, index)).rejects.toMatchObject({
      message: expect.stringContaining('ends within an image'),
    })
  })

  it('refuses an index that does not parse', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'packed'))
    await writeFile(join(folder, 'packed', packedFiles.index), '{"format":"mate-bench-packed"}')
    await expect(readPackedIndex(join(folder, 'packed'))).rejects.toMatchObject({ code: 'bad-input' })
  })
})
