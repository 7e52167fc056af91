import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { PublishedFile } from '../dataset.ts'
import { type TarEntry, tarGz, temporaryFolder } from '../fixtures/tiny-dataset.ts'
import { plainBytes } from './bytes.ts'
import { gunzipMember, unpackTarGz } from './unpack.ts'

const a = Uint8Array.of(1, 2, 3)
const b = Uint8Array.of(4, 5)
const good: readonly TarEntry[] = [
  { name: 'folder/', type: 'directory' },
  { name: 'folder/a', content: a },
  { name: './folder/b', content: b },
]
const file: PublishedFile = {
  name: 'archive.tar.gz',
  urls: [],
  bytes: 0,
  packing: 'tar.gz',
  members: [
    { name: 'a', path: 'folder/a', bytes: 3 },
    { name: 'b', path: 'folder/b', bytes: 2 },
  ],
}

async function unpack(archive: Uint8Array) {
  const path = join(await temporaryFolder(), file.name)
  await writeFile(path, archive)
  return unpackTarGz(path, file)
}

describe('unpacking an archive', () => {
  it('gives the listed members by name', async () => {
    expect(await unpack(await tarGz(good))).toEqual(
      new Map([
        ['a', a],
        ['b', b],
      ]),
    )
  })

  it('passes over what is not listed, wherever its path points', async () => {
    const outside: TarEntry[] = [
      { name: '../../escaped', content: b },
      { name: '/etc/escaped', content: b },
      { name: 'folder/link', type: 'symlink', linkname: '/etc/passwd' },
    ]
    expect([...(await unpack(await tarGz([...outside, ...good]))).keys()]).toEqual(['a', 'b'])
  })

  it.each<[string, TarEntry[], string]>([
    [
      'a symbolic link',
      [{ name: 'folder/a', type: 'symlink', linkname: 'b' }],
      'is a symlink, expected a file',
    ],
    ['a hard link', [{ name: 'folder/a', type: 'link', linkname: 'b' }], 'is a link, expected a file'],
    ['another size', [{ name: 'folder/a', content: b }], 'has 2 bytes, expected 3'],
    ['a member that comes twice', [...good, { name: 'folder/a', content: a }], 'comes twice'],
    ['an absent member', [{ name: 'folder/a', content: a }], 'folder/b is not in it'],
    ['an empty archive', [], 'folder/a is not in it'],
  ])('refuses %s', async (_, entries, why) => {
    await expect(unpack(await tarGz(entries))).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(why),
    })
  })

  it('refuses an archive that unpacks to far more than its list', async () => {
    const bomb = await tarGz([{ name: 'bomb', content: new Uint8Array(20 * 1024 * 1024) }, ...good])
    expect(bomb.length).toBeLessThan(100_000)
    await expect(unpack(bomb)).rejects.toMatchObject({
      message: expect.stringContaining('unpacks to more than'),
    })
  })

  it('refuses what is cut short and what is no archive', async () => {
    const archive = await tarGz(good)
    await expect(unpack(archive.subarray(0, archive.length - 20))).rejects.toMatchObject({
      code: 'bad-input',
    })
    await expect(unpack(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'bad-input' })
    await expect(
      unpack(plainBytes(gzipSync('not a tar file, but long enough to be read'))),
    ).rejects.toMatchObject({
      code: 'bad-input',
    })
  })
})

describe('unpacking a gzip file', () => {
  const member = { name: 'm', bytes: 5 }

  it('gives its content', async () => {
    expect(await gunzipMember(plainBytes(gzipSync('hello')), member)).toEqual(
      new TextEncoder().encode('hello'),
    )
  })

  it('stops at the published size', async () => {
    const bomb = plainBytes(gzipSync(new Uint8Array(10_000_000)))
    await expect(gunzipMember(bomb, member)).rejects.toMatchObject({ code: 'bad-input' })
  })
})
