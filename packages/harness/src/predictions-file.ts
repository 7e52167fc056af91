/**
 * `predictions.parquet`: a row per image in dataset order with columns `index`, `label` and, for each exit k
 * and for the ensemble, everything that a metric needs:
 *
 *   class_k                   int32    predicted class
 *   confidence_k              float32  largest softmax probability
 *   label_log_probability_k   float32  natural logarithm of the label's softmax probability (NLL)
 *   label_rank_k              int32    classes ranked above the label, 0 = right (top-5)
 *   entropy_k                 float32  of the softmax, nats (BranchyNet's exit rule)
 */
import { BenchError } from '@mate-bench/schema'
import type { ExitPredictions, PredictionTable } from '@mate-bench/stats'
import { parquetMetadata, parquetRead } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { checkLayout, type ExpectedColumn } from './parquet-layout.ts'

export interface PredictionsFile {
  /** Positions in the published train or test set, one a row. */
  readonly indices: Uint32Array
  readonly table: PredictionTable
}

const columns = [
  { prefix: 'class', field: 'predicted', type: 'INT32' },
  { prefix: 'confidence', field: 'confidence', type: 'FLOAT' },
  { prefix: 'label_log_probability', field: 'labelLogProbability', type: 'FLOAT' },
  { prefix: 'label_rank', field: 'labelRank', type: 'INT32' },
  { prefix: 'entropy', field: 'entropy', type: 'FLOAT' },
] as const

export function encodePredictions({ indices, table }: PredictionsFile): Uint8Array {
  const columnsOf = (exit: ExitPredictions, suffix: string) =>
    columns.map(({ prefix, field, type }) => ({ name: `${prefix}_${suffix}`, data: exit[field], type }))
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'index', data: Int32Array.from(indices), type: 'INT32' },
      { name: 'label', data: table.labels, type: 'INT32' },
      ...table.exits.flatMap((exit, i) => columnsOf(exit, String(i + 1))),
      ...columnsOf(table.ensemble, 'ensemble'),
    ],
    codec: 'UNCOMPRESSED',
    rowGroupSize: 1_000_000,
    createdBy: 'mate-bench',
    kvMetadata: [
      { key: 'classes', value: String(table.classes) },
      { key: 'exits', value: String(table.exits.length) },
    ],
  })
  return new Uint8Array(buffer)
}

/**
 * Reads a predictions file back.
 * @throws BenchError `bad-input` for a file that is not one
 */
export async function decodePredictions(bytes: Uint8Array, source: string): Promise<PredictionsFile> {
  try {
    return await decode(bytes)
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw new BenchError({
      code: 'bad-input',
      message: `${source} is not a predictions file: ${reason}.`,
      path: source,
      hint: 'It was damaged or written by another program. Take the published copy, or run the spec again.',
      cause: thrown,
    })
  }
}

async function decode(bytes: Uint8Array): Promise<PredictionsFile> {
  const file = new Uint8Array(bytes).buffer
  const metadata = parquetMetadata(file)
  const setting = (key: string) =>
    Number(metadata.key_value_metadata?.find((entry) => entry.key === key)?.value)
  const exits = setting('exits')
  const classes = setting('classes')
  if (!isCount(exits, maximumExits) || !isCount(classes, maximumClasses)) {
    throw new Error('its metadata does not say how many exits and classes it has')
  }
  const expected = fileColumns(exits)
  const rows = checkLayout(file, metadata, expected)
  const values = new Map(expected.map(({ name }) => [name, new Float64Array(rows).fill(Number.NaN)]))
  await parquetRead({
    file,
    metadata,
    onChunk({ columnName, columnData, rowStart }) {
      const column = values.get(columnName)
      for (let i = 0; column && i < columnData.length; i++) {
        const value: unknown = columnData[i]
        if (typeof value === 'number') column[rowStart + i] = value
      }
    },
  })
  const column = (name: string): Float64Array => values.get(name) ?? new Float64Array(0)
  const wholeColumn = (name: string): Float64Array => {
    const found = column(name)
    const at = found.findIndex((value) => !Number.isInteger(value))
    if (at >= 0) throw new Error(`the column ${name} has no value in row ${at + 1}`)
    return found
  }
  const exitOf = (suffix: string): ExitPredictions => ({
    predicted: Int32Array.from(wholeColumn(`class_${suffix}`)),
    confidence: Float32Array.from(column(`confidence_${suffix}`)),
    labelLogProbability: Float32Array.from(column(`label_log_probability_${suffix}`)),
    labelRank: Int32Array.from(wholeColumn(`label_rank_${suffix}`)),
    entropy: Float32Array.from(column(`entropy_${suffix}`)),
  })
  const indices = wholeColumn('index')
  if (indices.some((index) => index < 0)) throw new Error('the column index has a negative position')
  return {
    indices: Uint32Array.from(indices),
    table: {
      labels: Int32Array.from(wholeColumn('label')),
      classes,
      exits: Array.from({ length: exits }, (_, i) => exitOf(String(i + 1))),
      ensemble: exitOf('ensemble'),
    },
  }
}

/** As many as a spec can ask for, and more classes than any dataset here has. */
const maximumExits = 64
const maximumClasses = 1_000_000

function isCount(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most
}

/** The columns of a file, in its order. */
function fileColumns(exits: number): ExpectedColumn[] {
  const suffixes = [...Array.from({ length: exits }, (_, i) => String(i + 1)), 'ensemble']
  return [
    { name: 'index', type: 'INT32' },
    { name: 'label', type: 'INT32' },
    ...suffixes.flatMap((suffix) =>
      columns.map(({ prefix, type }) => ({ name: `${prefix}_${suffix}`, type })),
    ),
  ]
}
