/**
 * Winograd's minimal filtering F(2 x 2, 3 x 3): four outputs of a 3 x 3 convolution by 16 products instead of 36.
 *
 * Lavin, Gray. Fast Algorithms for Convolutional Neural Networks. CVPR 2016, https://arxiv.org/abs/1509.09308, section 4.1:
 *
 *     Y = A' [(G g G') . (B' d B)] A
 *
 * A tile of 4 x 4 inputs d gives 2 x 2 outputs Y. The products of its 16 places, over all tiles and channels, are 16 products of
 * matrices. Transformed values of place (i, j) lie `stride` bytes after one another, at 4 i + j.
 */
import {
  defineFunction,
  type FunctionWriter,
  f32,
  f32x4,
  i32,
  type Local,
  type Operand,
  v128,
} from './assembler.ts'

const { add, sub, mul } = f32x4

/** Bytes that the table of `transformInput` has for a tile, and that of `transformOutput`. */
export const inputTableBytes = 64
export const outputTableBytes = 16
/** Tiles that `multiplyTransformed` works on together. */
export const tileRows = 6
/** Output channels that it works on together. */
export const tileColumns = 8

/** Sets `pointers` to the addresses of a tile's pixels: `base` and a table's offset, or `outside` where that is negative. */
function loadPointers(
  f: FunctionWriter,
  pointers: readonly Local[],
  table: Local,
  base: Local,
  outside: Local,
): void {
  for (const [i, pointer] of pointers.entries()) {
    const offset = i32.load(table, 4 * i)
    f.set(pointer, i32.select(i32.lessSigned(offset, 0), outside, i32.add(base, offset)))
  }
}

/** B' d B of `tiles` tiles of an image, [tiles, C] for each of the 16 places; `zeros` stands for pixels outside of the image. */
const transformInput = defineFunction(
  'transformInput',
  { x: 'i32', table: 'i32', tiles: 'i32', channels: 'i32', zeros: 'i32', to: 'i32', stride: 'i32' },
  (f, p) => {
    const { tile, c, rowBytes, table, row, to } = f.named(
      'i32',
      'tile',
      'c',
      'rowBytes',
      'table',
      'row',
      'to',
    )
    const pixels = f.locals('i32', 16)
    const d = f.locals('v128', 4) as [Local, Local, Local, Local]
    f.set(rowBytes, i32.mul(p.channels, 4))
    f.set(table, p.table)
    f.set(row, p.to)
    f.for(tile, 0, p.tiles, 1, () => {
      loadPointers(f, pixels, table, p.x, p.zeros)
      f.for(c, 0, rowBytes, 16, () => {
        const pixel = (i: number, j: number) => v128.load(i32.add(pixels[4 * i + j] as Local, c))
        f.set(to, i32.add(row, c))
        for (let i = 0; i < 4; i++) {
          for (const [j, column] of d.entries())
            f.set(
              column,
              inputRow(i, (k) => pixel(k, j)),
            )
          for (let j = 0; j < 4; j++) {
            f.emit(
              v128.store(
                to,
                inputRow(j, (k) => d[k] as Local),
              ),
            )
            f.increase(to, p.stride)
          }
        }
      })
      f.increase(table, inputTableBytes)
      f.increase(row, rowBytes)
    })
  },
)

/** Row `i` of B' times a column. */
function inputRow(i: number, at: (k: number) => Operand) {
  if (i === 0) return sub(at(0), at(2))
  if (i === 1) return add(at(1), at(2))
  if (i === 2) return sub(at(2), at(1))
  return sub(at(1), at(3))
}

/** A' M A of `tiles` tiles to the pixels of an image's output; `dump` takes what lies outside of it. */
const transformOutput = defineFunction(
  'transformOutput',
  { from: 'i32', stride: 'i32', table: 'i32', tiles: 'i32', channels: 'i32', y: 'i32', dump: 'i32' },
  (f, p) => {
    const { tile, c, rowBytes, table, row, below } = f.named(
      'i32',
      'tile',
      'c',
      'rowBytes',
      'table',
      'row',
      'below',
    )
    const pixels = f.locals('i32', 4)
    const rows = f.locals('i32', 4)
    const s = f.locals('v128', 4) as [Local, Local, Local, Local]
    f.set(rowBytes, i32.mul(p.channels, 4))
    f.set(below, i32.mul(p.stride, 4))
    f.set(table, p.table)
    f.set(row, p.from)
    f.for(tile, 0, p.tiles, 1, () => {
      loadPointers(f, pixels, table, p.y, p.dump)
      f.for(c, 0, rowBytes, 16, () => {
        for (const oy of [0, 1]) {
          for (const [i, pointer] of rows.entries()) {
            f.set(pointer, i === 0 ? i32.add(row, c) : i32.add(rows[i - 1] as Local, below))
          }
          for (const column of s) {
            f.set(
              column,
              outputRow(oy, (k) => v128.load(rows[k] as Local)),
            )
            for (const pointer of rows) f.increase(pointer, p.stride)
          }
          for (const ox of [0, 1]) {
            const to = i32.add(pixels[2 * oy + ox] as Local, c)
            f.emit(
              v128.store(
                to,
                outputRow(ox, (k) => s[k] as Local),
              ),
            )
          }
        }
      })
      f.increase(table, outputTableBytes)
      f.increase(row, rowBytes)
    })
  },
)

/** Row `i` of A' times a column. */
function outputRow(i: number, at: (k: number) => Operand) {
  return i === 0 ? add(add(at(0), at(1)), at(2)) : sub(sub(at(1), at(2)), at(3))
}

/**
 * G g G' of a filter g [3, 3, C, K], K a multiple of `tileColumns`: for each of the 16 places [K / 8, C, 8], as
 * `multiplyTransformed` reads it.
 */
const transformFilter = defineFunction(
  'transformFilter',
  { filter: 'i32', channels: 'i32', outputs: 'i32', to: 'i32', stride: 'i32' },
  (f, p) => {
    const { c, k, from, to, tap, lane } = f.named('i32', 'c', 'k', 'from', 'to', 'tap', 'lane')
    const g = f.locals('v128', 9)
    const h = f.locals('v128', 3) as [Local, Local, Local]
    const half = f.local('v128')
    f.set(half, f32x4.splat(f32.constant(0.5)))
    f.set(tap, i32.mul(i32.mul(p.channels, p.outputs), 4))
    const row = (i: number, at: readonly [Local, Local, Local]): Operand => {
      if (i === 0) return at[0]
      if (i === 3) return at[2]
      const middle = i === 1 ? add(at[0], at[1]) : sub(at[0], at[1])
      return mul(half, add(middle, at[2]))
    }
    f.for(c, 0, p.channels, 1, () => {
      f.for(k, 0, p.outputs, 4, () => {
        f.set(from, i32.add(p.filter, i32.mul(i32.add(i32.mul(c, p.outputs), k), 4)))
        for (const value of g) {
          f.set(value, v128.load(from))
          f.increase(from, tap)
        }
        f.set(lane, i32.and(k, tileColumns - 1))
        const strip = i32.mul(i32.sub(k, lane), p.channels)
        f.set(to, i32.add(p.to, i32.mul(i32.add(i32.add(strip, i32.mul(c, tileColumns)), lane), 4)))
        for (let i = 0; i < 4; i++) {
          for (const [j, column] of h.entries()) {
            f.set(column, row(i, [g[j], g[3 + j], g[6 + j]] as [Local, Local, Local]))
          }
          for (let j = 0; j < 4; j++) {
            f.emit(v128.store(to, row(j, h)))
            f.increase(to, p.stride)
          }
        }
      })
    })
  },
)

/**
 * The 16 products [rows, C] x [C, K] -> [rows, K], six rows by eight columns in registers; `rows` is a multiple of six, C of
 * two, K of eight. Places lie `aStride`, `bStride` and `cStride` bytes after one another.
 */
const multiplyTransformed = defineFunction(
  'multiplyTransformed',
  {
    a: 'i32',
    aStride: 'i32',
    b: 'i32',
    bStride: 'i32',
    c: 'i32',
    cStride: 'i32',
    rows: 'i32',
    channels: 'i32',
    outputs: 'i32',
  },
  (f, p) => {
    const { place, row, k, depth, aBytes, cBytes } = f.named(
      'i32',
      'place',
      'row',
      'k',
      'depth',
      'aBytes',
      'cBytes',
    )
    const { aAt, bAt, cAt, aPlace, bPlace, cPlace } = f.named(
      'i32',
      'aAt',
      'bAt',
      'cAt',
      'aPlace',
      'bPlace',
      'cPlace',
    )
    const a = f.locals('i32', tileRows)
    const sums = f.locals('v128', 2 * tileRows)
    const { left, right, value } = f.named('v128', 'left', 'right', 'value')
    f.set(aBytes, i32.mul(p.channels, 4))
    f.set(cBytes, i32.mul(p.outputs, 4))
    f.set(aPlace, p.a)
    f.set(bPlace, p.b)
    f.set(cPlace, p.c)
    f.for(place, 0, 16, 1, () => {
      f.for(k, 0, p.outputs, tileColumns, () => {
        f.set(aAt, aPlace)
        f.for(row, 0, p.rows, tileRows, () => {
          f.set(bAt, i32.add(bPlace, i32.mul(k, aBytes)))
          for (const [i, pointer] of a.entries()) {
            f.set(pointer, i === 0 ? aAt : i32.add(a[i - 1] as Local, aBytes))
          }
          for (const sum of sums) f.set(sum, v128.zero)
          f.for(depth, 0, p.channels, 2, () => {
            for (const step of [0, 1]) {
              f.set(left, v128.load(bAt, 32 * step))
              f.set(right, v128.load(bAt, 32 * step + 16))
              for (const [i, pointer] of a.entries()) {
                const [first, second] = [sums[2 * i] as Local, sums[2 * i + 1] as Local]
                f.set(value, v128.loadSplat(pointer, 4 * step))
                f.set(first, add(first, mul(value, left)))
                f.set(second, add(second, mul(value, right)))
              }
            }
            for (const pointer of a) f.increase(pointer, 8)
            f.increase(bAt, 64)
          })
          f.set(cAt, i32.add(i32.add(cPlace, i32.mul(k, 4)), i32.mul(row, cBytes)))
          for (let i = 0; i < tileRows; i++) {
            f.emit(v128.store(cAt, sums[2 * i] as Local))
            f.emit(v128.store(cAt, sums[2 * i + 1] as Local, 16))
            f.increase(cAt, cBytes)
          }
          f.increase(aAt, i32.mul(aBytes, tileRows))
        })
      })
      f.increase(aPlace, p.aStride)
      f.increase(bPlace, p.bStride)
      f.increase(cPlace, p.cStride)
    })
  },
)

export const winogradFunctions = [transformInput, transformOutput, transformFilter, multiplyTransformed]
