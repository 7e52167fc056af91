import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type TarEntry, tarGz, temporaryFolder } from '../fixtures/tiny-dataset.ts'
import { zipped } from '../fixtures/zip.ts'
import { type Packing, readArchive } from './archive.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

async function read(content: Uint8Array, packing: Packing): Promise<Record<string, string>> {
  const path = join(await temporaryFolder(), 'archive')
  await writeFile(path, content)
  const found: Record<string, string> = {}
  for await (const file of readArchive(path, packing)) {
    // What is not read must not stand in the way.
    if (!file.path.endsWith('.skip')) found[file.path] = new TextDecoder().decode(await file.read())
  }
  return found
}

const entries: TarEntry[] = [
  { name: './a/', type: 'directory' },
  { name: './a/1.jpg', content: bytes('one') },
  { name: './a/2.skip', content: new Uint8Array(200_000) },
  { name: 'b/3.jpg', content: bytes('three') },
]
const expected = { 'a/1.jpg': 'one', 'b/3.jpg': 'three' }

describe('an archive', () => {
  it('is read file by file: tar.gz, tar, zip', async () => {
    const packed = await tarGz(entries)
    expect(await read(packed, 'tar.gz')).toEqual(expected)
    expect(await read(new Uint8Array(gunzipSync(packed)), 'tar')).toEqual(expected)
    const zip = zipped([
      { name: 'a/', content: new Uint8Array() },
      { name: 'a/1.jpg', content: bytes('one') },
      { name: 'a/2.skip', content: new Uint8Array(200_000) },
      { name: 'b/3.jpg', content: bytes('three'), deflate: true },
    ])
    expect(await read(zip, 'zip')).toEqual(expected)
  })

  it('may be left after its first file', async () => {
    const path = join(await temporaryFolder(), 'archive')
    await writeFile(path, await tarGz(entries))
    for await (const file of readArchive(path, 'tar.gz')) {
      expect(file.path).toBe('a/1.jpg')
      break
    }
  })

  it('made by tar and gzip is read, long names and all', async () => {
    const folder = await temporaryFolder()
    const name = `${'n'.repeat(120)}.jpg`
    await writeFile(join(folder, name), 'long')
    const packed = execFileSync('tar', ['-cz', '-C', folder, '.'], { maxBuffer: 1 << 24 })
    expect(await read(new Uint8Array(packed), 'tar.gz')).toEqual({ [name]: 'long' })
  })
})

describe('a hostile archive is refused', () => {
  it.each(['../evil.jpg', 'a/../../evil.jpg', '/etc/evil.jpg', 'a\\..\\evil.jpg', 'C:/evil.jpg', 'a//b.jpg'])(
    'for the path %s',
    async (name) => {
      const content = bytes('evil')
      const refusal = {
        code: 'bad-input',
        message: expect.stringMatching(/leads out of it|invalid|absolute/i),
      }
      await expect(read(await tarGz([{ name, content }]), 'tar.gz')).rejects.toMatchObject(refusal)
      await expect(read(zipped([{ name, content }]), 'zip')).rejects.toMatchObject(refusal)
    },
  )

  it.each(['symlink', 'link'] as const)('for a %s', async (type) => {
    const entry = { name: 'a/1.jpg', type, linkname: '/etc/passwd' }
    await expect(read(await tarGz([entry]), 'tar.gz')).rejects.toMatchObject({
      message: expect.stringContaining(`a/1.jpg is a ${type}, expected a file`),
    })
  })

  it('for a link in a zip', async () => {
    const zip = zipped([{ name: 'a/1.jpg', content: bytes('/etc/passwd'), mode: 0o120777 }])
    await expect(read(zip, 'zip')).rejects.toMatchObject({
      message: expect.stringContaining('not a plain file'),
    })
  })

  it('for a file that comes twice', async () => {
    const twice = ['a/1.jpg', './a/1.jpg'].map((name) => ({ name, content: bytes('x') }))
    await expect(read(await tarGz(twice), 'tar.gz')).rejects.toMatchObject({
      message: expect.stringContaining('comes twice'),
    })
  })

  it('for a bomb', async () => {
    // 300 MB of zeros in a thousandth of it.
    const header = gunzipSync(await tarGz([{ name: 'bomb.skip', content: new Uint8Array(1) }])).subarray(
      0,
      512,
    )
    const size = 300 << 20
    header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
    header.fill(' ', 148, 156)
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    )
    const bomb = gzipSync(Buffer.concat([header, Buffer.alloc(size + 1024)]), { level: 1 })
    await expect(read(new Uint8Array(bomb), 'tar.gz')).rejects.toMatchObject({
      message: expect.stringMatching(/bytes of it unpack to/),
    })
  })

  it('for a zip that lies about its sizes, and one that is cut short', async () => {
    const zip = zipped([
      { name: 'a/1.jpg', content: new Uint8Array(100_000), deflate: true, claimedBytes: 10 },
    ])
    await expect(read(zip, 'zip')).rejects.toMatchObject({ code: 'bad-input' })
    await expect(read(zip.subarray(0, 60), 'zip')).rejects.toMatchObject({ code: 'bad-input' })
    const packed = await tarGz(entries)
    await expect(read(packed.subarray(0, packed.length - 40), 'tar.gz')).rejects.toMatchObject({
      code: 'bad-input',
    })
  })
})
