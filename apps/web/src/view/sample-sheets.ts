/** Pictures of a dataset's images, for datasets whose licence lets them be shown. `scripts/make-sample-sheet.ts` draws them. */
export interface SampleSheet {
  readonly path: string
  readonly width: number
  readonly height: number
  readonly alt: string
  readonly note: string
}

const fashionMnist: SampleSheet = {
  path: '/datasets/fashion-mnist-mini.png',
  width: 896,
  height: 560,
  alt: 'Sixteen images of each of the ten classes, a row a class: T-shirts, trousers, pullovers, dresses, coats, sandals, shirts, sneakers, bags, ankle boots',
  note: 'The first sixteen test images of each class, a row a class in label order. MIT licence, Zalando SE.',
}

export const sampleSheets: Readonly<Record<string, SampleSheet>> = {
  'fashion-mnist-mini': fashionMnist,
  'fashion-mnist': fashionMnist,
}
