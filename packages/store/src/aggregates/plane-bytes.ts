import type { ImageSums } from '@mate-bench/stats'

/** Bit planes one after the other, words little-endian. */
export function planesToBytes({ images, planes }: ImageSums): Uint8Array {
  const words = wordsOf(images)
  const bytes = new Uint8Array(4 * words * planes.length)
  const view = new DataView(bytes.buffer)
  planes.forEach((plane, p) => {
    plane.forEach((word, w) => {
      view.setUint32(4 * (p * words + w), word, true)
    })
  })
  return bytes
}

/** What `planesToBytes` wrote. */
export function bytesToPlanes(bytes: Uint8Array, images: number): ImageSums {
  const words = wordsOf(images)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const planes = Array.from({ length: bytes.length / (4 * words) }, (_, p) =>
    Uint32Array.from({ length: words }, (__, w) => view.getUint32(4 * (p * words + w), true)),
  )
  return { images, planes }
}

function wordsOf(images: number): number {
  return Math.ceil(images / 32)
}
