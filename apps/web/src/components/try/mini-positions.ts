import { miniTestPositions } from '@mate-bench/datasets/mini-files'
import { fetchBytes } from './fetch-bytes.ts'

/** Where the mini's test images stand in the test split of a dataset: of Fashion-MNIST, whose tenth they are, elsewhere. */
export async function miniPositions(dataset: string): Promise<readonly number[] | undefined> {
  if (dataset !== 'fashion-mnist') return undefined
  return JSON.parse(new TextDecoder().decode(await fetchBytes(miniTestPositions.href)))
}
