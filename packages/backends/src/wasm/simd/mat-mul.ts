import { defineFunction, i32, type Local, v128 } from './assembler.ts'
import { forEachStrip, laneStrip, multiplyAdd, type Strip, vectorStrip } from './strips.ts'

/** Rows of the product that are computed together. */
const tileRows = 4

/**
 * Batched matrix product: c[b, m, n] = sum over k of a[b, m, k] * b[b, k, n].
 *
 * The rows of `b` and `c` are contiguous; `a` has free steps, so that it may be transposed; a batch step of
 * 0 broadcasts. Products are summed in the order of k.
 */
export const matMul = defineFunction(
  'matMul',
  {
    a: 'i32',
    b: 'i32',
    c: 'i32',
    batch: 'i32',
    m: 'i32',
    k: 'i32',
    n: 'i32',
    aBatchBytes: 'i32',
    aRowBytes: 'i32',
    aColumnBytes: 'i32',
    bBatchBytes: 'i32',
  },
  (f, p) => {
    const { item, row, column, left, aItem, bItem, cRow, aRow, bAt, nBytes } = f.named(
      'i32',
      'item',
      'row',
      'column',
      'left',
      'aItem',
      'bItem',
      'cRow',
      'aRow',
      'bAt',
      'nBytes',
    )
    const aAt = f.locals('i32', tileRows)
    const sums = f.locals('v128', 2 * tileRows)
    const products = f.locals('v128', 2)
    const factor = f.local('v128')
    const tile = (rows: number, strip: Strip) => {
      for (let i = 0; i < rows * strip.vectors; i++) f.set(sums[i] as Local, v128.zero)
      for (let r = 0; r < rows; r++) f.set(aAt[r] as Local, i32.add(aRow, i32.mul(p.aRowBytes, r)))
      f.set(bAt, i32.add(bItem, i32.mul(column, 4)))
      f.for(left, 0, p.k, 1, () => {
        for (let q = 0; q < strip.vectors; q++) f.set(products[q] as Local, strip.load(bAt, q))
        for (let r = 0; r < rows; r++) {
          f.set(factor, v128.loadSplat(aAt[r] as Local))
          for (let q = 0; q < strip.vectors; q++)
            multiplyAdd(f, sums[r * strip.vectors + q] as Local, factor, products[q] as Local)
          f.increase(aAt[r] as Local, p.aColumnBytes)
        }
        f.increase(bAt, nBytes)
      })
      f.set(bAt, i32.add(cRow, i32.mul(column, 4)))
      for (let r = 0; r < rows; r++) {
        for (let q = 0; q < strip.vectors; q++)
          f.emit(strip.store(bAt, sums[r * strip.vectors + q] as Local, q))
        f.increase(bAt, nBytes)
      }
    }
    f.set(nBytes, i32.mul(p.n, 4))
    f.set(aItem, p.a)
    f.set(bItem, p.b)
    f.set(cRow, p.c)
    f.for(item, 0, p.batch, 1, () => {
      f.set(aRow, aItem)
      f.set(row, 0)
      for (const rows of [tileRows, 1]) {
        f.while(
          () => i32.lessSigned(i32.add(row, rows - 1), p.m),
          () => {
            forEachStrip(f, column, p.n, [vectorStrip(2), vectorStrip(1), laneStrip], (strip) =>
              tile(rows, strip),
            )
            f.increase(row, rows)
            f.increase(aRow, i32.mul(p.aRowBytes, rows))
            f.increase(cRow, i32.mul(nBytes, rows))
          },
        )
      }
      f.increase(aItem, p.aBatchBytes)
      f.increase(bItem, p.bBatchBytes)
    })
  },
)
