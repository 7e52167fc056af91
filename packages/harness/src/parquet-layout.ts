/**
 * What a predictions file may look like inside, checked before a value of it is read: flat columns, no compression,
 * pages that lie in the file and hold as many values as they say. A reader of Parquet believes the counts in a file,
 * and one flipped bit in a count keeps it busy for minutes; after this check the time and memory that reading takes
 * are bounded by the size of the file.
 *
 * Layout of pages and encodings: https://parquet.apache.org/docs/file-format/ (data pages, encodings: RLE = 3).
 */
import type { FileMetaData } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { readVarInt } from 'hyparquet/src/thrift.js'

export interface ExpectedColumn {
  readonly name: string
  readonly type: 'INT32' | 'FLOAT'
}

/** Both types of column take four bytes a value. */
const valueBytes = 4

/** Rows times columns: 400 MB in memory. ImageNet's validation set with a hundred exits has half of it. */
const maximumValues = 50_000_000

/** Of a position in a dictionary. */
const maximumBitWidth = 24

type ColumnChunk = NonNullable<FileMetaData['row_groups'][number]['columns'][number]['meta_data']>
type Reader = Parameters<typeof parquetHeader>[0]
type PageHeader = ReturnType<typeof parquetHeader>

/**
 * @param columns all columns, in the file's order
 * @returns how many rows the file has
 * @throws Error with half a sentence that says what is wrong
 */
export function checkLayout(
  file: ArrayBuffer,
  metadata: FileMetaData,
  columns: readonly ExpectedColumn[],
): number {
  const rows = Number(metadata.num_rows)
  // Positions are all different, so their column alone takes four bytes a row.
  if (!Number.isSafeInteger(rows) || rows < 1 || rows * valueBytes > file.byteLength) {
    throw new Error(`it says that it has ${rows} rows, which do not fit its ${file.byteLength} bytes`)
  }
  if (rows * columns.length > maximumValues) {
    throw new Error(`it has ${rows} rows of ${columns.length} columns, more than are read`)
  }
  checkSchema(metadata, columns)
  let grouped = 0
  for (const group of metadata.row_groups) {
    const groupRows = Number(group.num_rows)
    if (!(groupRows >= 1)) throw new Error('one of its row groups is empty')
    grouped += groupRows
    if (group.columns.length !== columns.length) throw new Error('one of its row groups lacks a column')
    columns.forEach((column, i) => {
      const chunk = group.columns[i]
      if (!chunk?.meta_data || chunk.file_path) throw new Error(`the column ${column.name} is not in it`)
      checkChunk(file, chunk.meta_data, column, groupRows)
    })
  }
  if (grouped !== rows) throw new Error(`its row groups hold ${grouped} rows, not ${rows}`)
  return rows
}

function checkSchema({ schema }: FileMetaData, columns: readonly ExpectedColumn[]): void {
  const [root, ...found] = schema
  if (root?.num_children !== columns.length || found.length !== columns.length) {
    throw new Error(`it has ${found.length} columns, not the ${columns.length} of its exits`)
  }
  columns.forEach(({ name, type }, i) => {
    const column = found[i]
    if (column?.name !== name) throw new Error(`column ${i + 1} is ${shown(column?.name)}, not ${name}`)
    const plain = !column.num_children && !column.converted_type && !column.logical_type
    if (column.type !== type || column.repetition_type !== 'OPTIONAL' || !plain) {
      throw new Error(`the column ${name} is not a plain column of type ${type}`)
    }
  })
}

/** A name out of the file is shown as far as it can be shown. */
function shown(name: string | undefined): string {
  return /^\w{1,40}$/.test(name ?? '') ? String(name) : 'another'
}

function checkChunk(
  file: ArrayBuffer,
  chunk: ColumnChunk,
  { name, type }: ExpectedColumn,
  rows: number,
): void {
  const broken = (what: string) => new Error(`the column ${name} ${what}`)
  if (chunk.type !== type || chunk.path_in_schema.join('.') !== name)
    throw broken('is another in its row group')
  if (chunk.codec !== 'UNCOMPRESSED') throw broken('is compressed')
  const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset)
  const end = start + Number(chunk.total_compressed_size)
  if (!(start >= valueBytes && start < end && end <= file.byteLength))
    throw broken('does not lie in the file')
  const reader: Reader = { view: new DataView(file, start, end - start), offset: 0 }
  let dictionary: number | undefined
  let seen = 0
  while (seen < rows) {
    const header = parquetHeader(reader)
    const size = header.compressed_page_size
    const pageEnd = reader.offset + size
    if (!(size >= 0) || header.uncompressed_page_size !== size || pageEnd > reader.view.byteLength) {
      throw broken('has a page that does not lie in it')
    }
    if (header.type === 'DICTIONARY_PAGE' && dictionary === undefined && seen === 0) {
      dictionary = dictionaryValues(header, size) ?? Number.NaN
      if (!(dictionary >= 1)) throw broken('has a dictionary that does not fit its page')
    } else if (header.type === 'DATA_PAGE_V2') {
      const values = pageValues(reader, header, pageEnd, dictionary)
      if (values === undefined || seen + values > rows)
        throw broken('has a page that does not hold its values')
      seen += values
    } else throw broken('has a page of another kind')
    reader.offset = pageEnd
  }
  if (reader.offset !== reader.view.byteLength) throw broken('is longer than its values')
}

function dictionaryValues({ dictionary_page_header: header }: PageHeader, size: number): number | undefined {
  if (header?.encoding !== 'PLAIN') return undefined
  return header.num_values * valueBytes === size ? header.num_values : undefined
}

/** How many values a page holds; undefined where it is not what its header says. */
function pageValues(
  reader: Reader,
  { data_page_header_v2: header }: PageHeader,
  pageEnd: number,
  dictionary: number | undefined,
): number | undefined {
  if (!header) return undefined
  const { num_values: values, num_nulls: nulls, num_rows: rows } = header
  if (!(values >= 1) || nulls !== 0 || rows !== values) return undefined
  // Every value is there, which takes one bit a value to say; nothing is repeated.
  const levelBytes = header.definition_levels_byte_length
  const dataStart = reader.offset + levelBytes
  if (!(levelBytes >= 1) || header.repetition_levels_byte_length !== 0 || dataStart > pageEnd)
    return undefined
  if (!runsFit(reader, 1, values, dataStart)) return undefined
  reader.offset = dataStart
  if (header.encoding === 'PLAIN') return values * valueBytes === pageEnd - dataStart ? values : undefined
  if (header.encoding !== 'RLE_DICTIONARY' || dictionary === undefined || dataStart >= pageEnd)
    return undefined
  const bitWidth = reader.view.getUint8(reader.offset++)
  return bitWidth <= maximumBitWidth && runsFit(reader, bitWidth, values, pageEnd) ? values : undefined
}

/** Whether runs, of one value repeated or of values bit-packed in groups of eight, give so many values until `end`. */
function runsFit(reader: Reader, bitWidth: number, values: number, end: number): boolean {
  let seen = 0
  while (seen < values) {
    if (reader.offset >= end) return false
    const header = readVarInt(reader) >>> 0
    const isPacked = (header & 1) === 1
    const count = header >>> 1
    // The last group of eight is filled up.
    if (count === 0 || seen + (isPacked ? 8 * (count - 1) : count - 1) >= values) return false
    reader.offset += isPacked ? count * bitWidth : (bitWidth + 7) >> 3
    if (reader.offset > end) return false
    seen += isPacked ? 8 * count : count
  }
  return true
}
