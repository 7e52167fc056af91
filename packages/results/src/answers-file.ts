/**
 * `answers.npy`: what each classifier of a run answered on the test images, a NumPy array of integers with a row an image, in
 * dataset order, and a column an exit, shallowest first, the ensemble last:
 *
 *   -1    the label: right
 *   c     class c, wrong
 *
 * It needs no labels to say who was right, and with them it gives every predicted class. Answers to one image are mostly
 * the same, so they stand side by side: that compresses best.
 */
import { BenchError } from '@mate-bench/schema'
import type { PredictionTable } from '@mate-bench/stats'

export interface Answers {
  /** One an exit, shallowest first. */
  readonly exits: readonly Int16Array[]
  readonly ensemble: Int16Array
}

const right = -1
const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0)
/** Magic string, length and header together are a multiple of 64 bytes. */
const alignment = 64

/** The smallest type that holds every class. */
const types = { '|i1': { bytes: 1, most: 127 }, '<i2': { bytes: 2, most: 32_767 } } as const

export function answersOf({ labels, exits, ensemble }: PredictionTable): Answers {
  const of = ({ predicted }: { readonly predicted: Int32Array }) =>
    Int16Array.from(predicted, (answer, i) => (answer === labels[i] ? right : answer))
  return { exits: exits.map(of), ensemble: of(ensemble) }
}

/** 1 where the answer is right. */
export function correctnessOf(answers: Int16Array): Uint8Array {
  return Uint8Array.from(answers, (answer) => (answer === right ? 1 : 0))
}

export function encodeAnswers({ exits, ensemble }: Answers): Uint8Array {
  const columns = [...exits, ensemble]
  const images = ensemble.length
  const largest = columns.reduce((most, column) => column.reduce((a, b) => Math.max(a, b), most), 0)
  const type = largest <= types['|i1'].most ? '|i1' : '<i2'
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${images}, ${columns.length}), }`
  const unpadded = magic.length + 2 + text.length + 1
  const start = Math.ceil(unpadded / alignment) * alignment
  const header = `${text.padEnd(start - magic.length - 2 - 1)}\n`
  const size = types[type].bytes
  const bytes = new Uint8Array(start + columns.length * images * size)
  bytes.set(magic)
  const view = new DataView(bytes.buffer)
  view.setUint16(magic.length, header.length, true)
  bytes.set(new TextEncoder().encode(header), magic.length + 2)
  columns.forEach((column, c) => {
    column.forEach((answer, i) => {
      const at = start + (i * columns.length + c) * size
      if (size === 1) view.setInt8(at, answer)
      else view.setInt16(at, answer, true)
    })
  })
  return bytes
}

/** @throws BenchError `bad-input` for a file that is no such array */
export function decodeAnswers(bytes: Uint8Array, source: string): Answers {
  const refuse = (what: string) =>
    new BenchError({ code: 'bad-input', message: `${source} ${what}.`, path: source })
  if (bytes.length < magic.length + 2 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw refuse('is not a NumPy array of version 1')
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = magic.length + 2 + view.getUint16(magic.length, true)
  const header = new TextDecoder().decode(bytes.subarray(magic.length + 2, start))
  const form = /^\{'descr': '(\|i1|<i2)', 'fortran_order': False, 'shape': \((\d{1,9}), (\d{1,3})\), \} *\n$/
  const [, type, imageText, columnText] = form.exec(header) ?? []
  if (type !== '|i1' && type !== '<i2') throw refuse('is not a two-dimensional array of int8 or int16')
  const [images, columns, size] = [Number(imageText), Number(columnText), types[type].bytes]
  if (columns < 2 || bytes.length !== start + images * columns * size) {
    throw refuse('does not have the values that its header says')
  }
  const column = (c: number) =>
    Int16Array.from({ length: images }, (_, i) => {
      const at = start + (i * columns + c) * size
      return size === 1 ? view.getInt8(at) : view.getInt16(at, true)
    })
  const exits = Array.from({ length: columns - 1 }, (_, c) => column(c))
  const ensemble = column(columns - 1)
  if ([...exits, ensemble].some((answers) => answers.some((answer) => answer < right))) {
    throw refuse('has an answer below -1')
  }
  return { exits, ensemble }
}
