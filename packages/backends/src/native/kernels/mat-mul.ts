import * as tf from '@tensorflow/tfjs-core'
import { input } from '../../wasm/kernels/kernel.ts'
import type { Compute } from '../compute.ts'

const transposed = 'T'.charCodeAt(0)
const plain = 'N'.charCodeAt(0)

/** The two last sizes of a shape, and how many matrices the others make. */
function matrices(shape: readonly number[]): readonly [count: number, rows: number, columns: number] {
  const [rows = 1, columns = 1] = shape.slice(-2)
  return [tf.util.sizeFromShape(shape.slice(0, -2)), rows, columns]
}

/**
 * BatchMatMul: a [..., m, k], b [..., k, n] (either may be stored transposed) -> [..., m, n].
 *
 * @param inWasm the kernel of the backend wasm, for batches of which only some sides are repeated
 */
export function matMul(compute: Compute): tf.KernelFunc {
  const { memory, library } = compute
  const inWasm = tf.getKernel('BatchMatMul', 'wasm').kernelFunc
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
    const aligned = (count: number) => count === 1 || count === batch
    const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns]
    const [inner, n] = transposeB ? [bColumns, bRows] : [bRows, bColumns]
    if (k !== inner) throw new Error(`matMul: ${k} columns against ${inner} rows`)
    if (!aligned(aCount) || !aligned(bCount) || m * k * n === 0) return inWasm(call)
    const c = memory.heap.allocate([...batchShape, m, n])
    const [aAt = 0, bAt = 0, cAt = 0] = memory.addresses(a, b, c)
    const aBytes = aCount === 1 ? 0 : 4 * m * k
    const bBytes = bCount === 1 ? 0 : 4 * k * n
    const forms = [transposeA ? transposed : plain, transposeB ? transposed : plain]
    for (let i = 0; i < batch; i++) {
      const [aMatrix, bMatrix, cMatrix] = [aAt + i * aBytes, bAt + i * bBytes, cAt + 4 * i * m * n]
      const factors = [1, aMatrix, aColumns, bMatrix, bColumns, 0, cMatrix, n]
      library.check(library.call.multiply(...forms, m, n, k, ...factors), 'a product')
    }
    return c
  }
}
