import type { Labels } from './dataset.ts'
import { decodeIdxPair, encodeIdx, type IdxPair } from './decode/idx.ts'
import { drawPerClass, indicesByClass } from './splits.ts'

/** The class names of Fashion-MNIST (Xiao, Rasul, Vollgraf 2017, table 2), in label order. */
export const fashionMnistClasses = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const

export const fashionMnistPairs = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte', count: 60_000 },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte', count: 10_000 },
} as const satisfies Record<string, IdxPair>

export const fashionMnistMiniPairs = {
  train: { ...fashionMnistPairs.train, count: 6_000 },
  test: { ...fashionMnistPairs.test, count: 1_000 },
} as const satisfies Record<string, IdxPair>

const imageSize = [28, 28] as const
const miniSeed = 20_170_825
const classes = fashionMnistClasses.length

/**
 * The four files of fashion-mnist-mini from the contents of the four published files of Fashion-MNIST: of each class
 * the same number of images, drawn from the stream (20170825, `fashion-mnist-mini-train` or `-test`, class),
 * in the order of the published files.
 */
export function drawFashionMnistMini(published: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const pixels = imageSize[0] * imageSize[1]
  const files = new Map<string, Uint8Array>()
  for (const part of ['train', 'test'] as const) {
    const { images, labels, count } = fashionMnistMiniPairs[part]
    const full = decodeIdxPair(published, fashionMnistPairs[part], imageSize, classes)
    const indices = drawMiniPositions(full.labels, part)
    const miniImages = new Uint8Array(count * pixels)
    indices.forEach((index, i) => {
      miniImages.set(full.images.subarray(index * pixels, (index + 1) * pixels), i * pixels)
    })
    const miniLabels = Uint8Array.from(indices, (index) => full.labels[index] ?? 0)
    files.set(images, encodeIdx([count, ...imageSize], miniImages))
    files.set(labels, encodeIdx([count], miniLabels))
  }
  return files
}

/** Where the mini's images stand among the published ones, ascending. */
export function drawMiniPositions(labels: Labels, part: keyof typeof fashionMnistMiniPairs): Uint32Array {
  const byClass = indicesByClass(labels, classes)
  const quotas = byClass.map(() => fashionMnistMiniPairs[part].count / classes)
  return Uint32Array.from(drawPerClass(byClass, quotas, miniSeed, `fashion-mnist-mini-${part}`).flat()).sort()
}
