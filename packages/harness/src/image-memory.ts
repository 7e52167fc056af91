import type { StateTensor } from './optimizers/optimizer.ts'

/** The most that a method may remember of all training images together. A checkpoint is one file, read at once. */
export const maximumMemoryBytes = 2 ** 30

/** Bytes of so many numbers an image. */
export function memoryBytes(images: number, numbersPerImage: number): number {
  return images * numbersPerImage * Float32Array.BYTES_PER_ELEMENT
}

/**
 * What a method remembers of every training image, in the machine's own memory: only a batch's rows go to the backend.
 * The checkpoint takes it for one more tensor.
 */
export class ImageMemory implements StateTensor {
  readonly shape: number[] // [N, numbersPerImage]
  readonly #values: Float32Array
  /** Row of each image of the published set; -1 for one that is not trained on. */
  readonly #rows: Int32Array

  /** @param indices the training split */
  constructor(indices: Uint32Array, numbersPerImage: number) {
    this.shape = [indices.length, numbersPerImage]
    this.#values = new Float32Array(indices.length * numbersPerImage)
    this.#rows = new Int32Array(indices.reduce((most, index) => Math.max(most, index + 1), 0)).fill(-1)
    indices.forEach((index, row) => {
      this.#rows[index] = row
    })
  }

  /** A copy of the rows of these images, [B * numbersPerImage]. */
  recall(indices: Uint32Array): Float32Array {
    const width = this.#width
    const values = new Float32Array(indices.length * width)
    indices.forEach((index, i) => {
      const start = this.#start(index)
      values.set(this.#values.subarray(start, start + width), i * width)
    })
    return values
  }

  /** @param values [B * numbersPerImage] */
  remember(indices: Uint32Array, values: Float32Array): void {
    const width = this.#width
    indices.forEach((index, i) => {
      this.#values.set(values.subarray(i * width, (i + 1) * width), this.#start(index))
    })
  }

  async data(): Promise<Float32Array> {
    return this.#values
  }

  write(values: Float32Array): void {
    this.#values.set(values)
  }

  get #width(): number {
    return this.shape[1] ?? 0
  }

  #start(index: number): number {
    const row = this.#rows[index] ?? -1
    if (row < 0)
      throw new RangeError(`Nothing is remembered of image ${index}: it is not in the training split`)
    return row * this.#width
  }
}
