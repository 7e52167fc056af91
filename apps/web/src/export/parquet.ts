import { parquetWriteBuffer } from 'hyparquet-writer'
import { type BoardColumn, boardColumns } from './board-columns.ts'
import type { BoardRow } from './board-rows.ts'

const types = { text: 'STRING', count: 'INT64', number: 'DOUBLE', flag: 'BOOLEAN' } as const

/**
 * The rows with their types: counts are whole numbers, what a row lacks is null.
 *
 * @param metadata texts that stand in the file's footer
 */
export function toParquet(
  rows: readonly BoardRow[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const buffer = parquetWriteBuffer({
    columnData: Object.entries(boardColumns).map(([name, column]) => ({
      name,
      type: types[column.type],
      nullable: true,
      data: rows.map((row) => cell(Reflect.get(row, name), column)),
    })),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  })
  return new Uint8Array(buffer)
}

function cell(value: unknown, { type }: BoardColumn): unknown {
  if (value === null || value === undefined) return null
  return type === 'count' ? BigInt(Number(value)) : value
}
