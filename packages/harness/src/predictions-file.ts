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
  const rows = Number(metadata.num_rows)
  const values = new Map<string, Float64Array>()
  await parquetRead({
    file,
    onChunk({ columnName, columnData, rowStart }) {
      const column = values.get(columnName) ?? new Float64Array(rows)
      values.set(columnName, column)
      for (let i = 0; i < columnData.length; i++) column[rowStart + i] = Number(columnData[i])
    },
  })
  const column = (name: string): Float64Array => {
    const found = values.get(name)
    if (!found) throw new Error(`it has no column ${name}`)
    return found
  }
  const exitOf = (suffix: string): ExitPredictions => ({
    predicted: Int32Array.from(column(`class_${suffix}`)),
    confidence: Float32Array.from(column(`confidence_${suffix}`)),
    labelLogProbability: Float32Array.from(column(`label_log_probability_${suffix}`)),
    labelRank: Int32Array.from(column(`label_rank_${suffix}`)),
    entropy: Float32Array.from(column(`entropy_${suffix}`)),
  })
  const exits = setting('exits')
  const classes = setting('classes')
  if (!Number.isInteger(exits) || exits < 1 || !Number.isInteger(classes)) {
    throw new Error('its metadata does not say how many exits and classes it has')
  }
  return {
    indices: Uint32Array.from(column('index')),
    table: {
      labels: Int32Array.from(column('label')),
      classes,
      exits: Array.from({ length: exits }, (_, i) => exitOf(String(i + 1))),
      ensemble: exitOf('ensemble'),
    },
  }
}
