import { BenchError } from '@mate-bench/schema'

/**
 * MATLAB's MAT-file, level 5, as far as lists of names and numbers need it ("MAT-File Format", The MathWorks, chapter 1).
 */
export type MatValue = string | readonly (number | MatValue)[]

const types = {
  int8: 1,
  uint8: 2,
  int16: 3,
  uint16: 4,
  int32: 5,
  uint32: 6,
  single: 7,
  double: 9,
  matrix: 14,
  compressed: 15,
  utf8: 16,
} as const
const classes = { cell: 1, char: 4 } as const
const headerBytes = 128

/**
 * The variables of a MAT-file: a cell array as a list, a row of characters as a string, anything else as numbers, each
 * in the file's order (column-major).
 *
 * @param path for messages
 * @throws BenchError `bad-input` for what is no little-endian MAT-file of level 5
 */
export async function readMatFile(bytes: Uint8Array, path: string): Promise<Map<string, MatValue>> {
  try {
    const view = viewOf(bytes)
    if (view.getUint16(126, true) !== 0x4d49) throw new RangeError('it does not begin as one of level 5')
    const variables = new Map<string, MatValue>()
    for (let at = headerBytes; at < bytes.length; ) {
      const element = elementAt(view, at)
      at = element.next
      const matrix =
        element.type === types.compressed ? elementAt(viewOf(await inflated(element.data)), 0) : element
      if (matrix.type !== types.matrix) continue
      const { name, value } = matrixOf(matrix.data)
      variables.set(name, value)
    }
    return variables
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new BenchError({
      code: 'bad-input',
      message: `${path} is no readable MAT-file: ${why}.`,
      path,
      cause,
    })
  }
}

interface Element {
  readonly type: number
  readonly data: Uint8Array
  /** Where the next element begins. */
  readonly next: number
}

function elementAt(view: DataView, at: number): Element {
  const first = view.getUint32(at, true)
  const isSmall = first >>> 16 !== 0
  const type = isSmall ? first & 0xffff : first
  const size = isSmall ? first >>> 16 : view.getUint32(at + 4, true)
  const start = at + (isSmall ? 4 : 8)
  if (start + size > view.byteLength) throw new RangeError('it ends within an element')
  const data = new Uint8Array(view.buffer, view.byteOffset + start, size)
  // Elements begin at multiples of eight, but for what follows a compressed one.
  const padded = type === types.compressed ? size : Math.ceil(size / 8) * 8
  return { type, data, next: isSmall ? at + 8 : start + padded }
}

function matrixOf(bytes: Uint8Array): { name: string; value: MatValue } {
  const view = viewOf(bytes)
  const flags = elementAt(view, 0)
  const extents = elementAt(view, flags.next)
  const name = elementAt(view, extents.next)
  const kind = flags.data[0]
  const count = numbersOf(extents).reduce((product, extent) => product * extent, 1)
  if (kind !== classes.cell) {
    if (name.next >= bytes.length) return { name: textOf(name), value: kind === classes.char ? '' : [] }
    const content = elementAt(view, name.next)
    return { name: textOf(name), value: kind === classes.char ? textOf(content) : numbersOf(content) }
  }
  const cells: MatValue[] = []
  for (let at = name.next; cells.length < count; ) {
    const cell = elementAt(view, at)
    cells.push(matrixOf(cell.data).value)
    at = cell.next
  }
  return { name: textOf(name), value: cells }
}

function textOf(element: Element): string {
  if (element.type === types.utf8) return new TextDecoder().decode(element.data)
  return numbersOf(element)
    .map((code) => String.fromCharCode(code))
    .join('')
}

function numbersOf({ type, data }: Element): number[] {
  const view = viewOf(data)
  const all = (size: number, read: (at: number) => number) =>
    Array.from({ length: Math.floor(data.length / size) }, (_, i) => read(i * size))
  switch (type) {
    case types.int8:
      return all(1, (at) => view.getInt8(at))
    case types.uint8:
      return all(1, (at) => view.getUint8(at))
    case types.int16:
      return all(2, (at) => view.getInt16(at, true))
    case types.uint16:
      return all(2, (at) => view.getUint16(at, true))
    case types.int32:
      return all(4, (at) => view.getInt32(at, true))
    case types.uint32:
      return all(4, (at) => view.getUint32(at, true))
    case types.single:
      return all(4, (at) => view.getFloat32(at, true))
    case types.double:
      return all(8, (at) => view.getFloat64(at, true))
    default:
      throw new RangeError(`it holds elements of type ${type}`)
  }
}

/** Inflated by the platform, in Node as in a browser. */
async function inflated(data: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(data)]).stream().pipeThrough(new DecompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
