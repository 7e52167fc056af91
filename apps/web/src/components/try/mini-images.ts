import { decodeIdxPair, fashionMnistMini, fashionMnistMiniPairs } from '@mate-bench/datasets/in-memory'
import { miniFiles } from '@mate-bench/datasets/mini-files'
import { fetchUnpacked } from './fetch-bytes.ts'

type Part = keyof typeof fashionMnistMiniPairs

/** The members of fashion-mnist-mini by name, held to their digests: all of them, or those of one part. */
export async function fetchMini(
  parts: readonly Part[] = ['train', 'test'],
): Promise<Map<string, Uint8Array>> {
  const wanted = new Set(
    parts.flatMap((part) => [fashionMnistMiniPairs[part].images, fashionMnistMiniPairs[part].labels]),
  )
  const files = fashionMnistMini.files.flatMap(({ name, members }) =>
    members.filter((member) => wanted.has(member.name as never)).map((member) => ({ ...member, file: name })),
  )
  return new Map(
    await Promise.all(
      files.map(async ({ file, name, sha256 = '' }): Promise<[string, Uint8Array]> => {
        const url = miniFiles[file]
        if (url === undefined) throw new RangeError(`${file} has no address`)
        return [name, await fetchUnpacked(url.href, sha256)]
      }),
    ),
  )
}

/** Its 1,000 test images, bytes [N * 28 * 28], and their labels. */
export async function fetchMiniTest(): Promise<{ images: Uint8Array; labels: ArrayLike<number> }> {
  return decodeIdxPair(await fetchMini(['test']), fashionMnistMiniPairs.test, [28, 28], 10)
}
