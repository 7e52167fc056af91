import * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'
import { input } from './kernel.ts'

/** The two last sizes of a shape, and how many matrices the others make. */
function matrices(shape: readonly number[]): readonly [count: number, rows: number, columns: number] {
  const [rows = 1, columns = 1] = shape.slice(-2)
  return [tf.util.sizeFromShape(shape.slice(0, -2)), rows, columns]
}

/**
 * BatchMatMul: a [..., m, k], b [..., k, n] (either may be stored transposed) -> [..., m, n].
 *
 * The backend's own kernel is fast for one plain product and falls back to a naive loop for what gradients
 * are made of: transposed factors and batches. Those are computed here.
 */
export function batchMatMul(heap: Heap, plain: tf.KernelFunc): tf.KernelFunc {
  return (call) => {
    const a = input(call.inputs, 'a')
    const b = input(call.inputs, 'b')
    const transposeA = call.attrs?.transposeA === true
    const transposeB = call.attrs?.transposeB === true
    const [aCount, aRows, aColumns] = matrices(a.shape)
    const [bCount, bRows, bColumns] = matrices(b.shape)
    const batchShape = tf.broadcast_util.assertAndGetBroadcastShape(
      a.shape.slice(0, -2),
      b.shape.slice(0, -2),
    )
    const batch = tf.util.sizeFromShape(batchShape)
    const single = batch === 1 && !transposeA && !transposeB
    // Broadcasting of whole batches only: what networks and losses use.
    const aligned = (count: number) => count === 1 || count === batch
    if (single || !aligned(aCount) || !aligned(bCount)) return plain(call)
    const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns]
    const [inner, n] = transposeB ? [bColumns, bRows] : [bRows, bColumns]
    if (k !== inner) throw new Error(`matMul: ${k} columns against ${inner} rows`)
    const c = heap.allocate([...batchShape, m, n])
    heap.withScratch(transposeB ? 4 * bCount * k * n : 0, (scratch) => {
      if (transposeB) transpose(heap.values(b), heap.float32(scratch, bCount * k * n), bCount, n, k)
      heap.simd.matMul(
        heap.address(a),
        transposeB ? scratch : heap.address(b),
        heap.address(c),
        batch,
        m,
        k,
        n,
        aCount === 1 ? 0 : 4 * m * k,
        transposeA ? 4 : 4 * k,
        transposeA ? 4 * m : 4,
        bCount === 1 ? 0 : 4 * k * n,
      )
    })
    return c
  }
}

/** [count, rows, columns] -> [count, columns, rows]. */
function transpose(from: Float32Array, to: Float32Array, count: number, rows: number, columns: number): void {
  const size = rows * columns
  for (let start = 0; start < count * size; start += size) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) to[start + c * rows + r] = from[start + r * columns + c] ?? 0
    }
  }
}
