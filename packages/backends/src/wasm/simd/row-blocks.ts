import { type FunctionWriter, i32, type Local, type Operand } from './assembler.ts'

/** Covers `rows` rows by blocks of `size`, the last one shorter, calling `body` with each block's number of rows. */
export function forEachRowBlock(
  f: FunctionWriter,
  rows: Operand,
  size: Operand,
  body: (count: Local) => void,
): void {
  const { left, count } = f.named('i32', 'left', 'count')
  f.set(left, rows)
  f.while(
    () => i32.lessSigned(0, left),
    () => {
      f.set(count, i32.select(i32.lessSigned(left, size), left, size))
      f.set(left, i32.sub(left, count))
      body(count)
    },
  )
}
