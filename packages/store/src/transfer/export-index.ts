import { z } from 'zod'
import { publicTableNames } from './tables.ts'

/** Names inside an export. */
export const exportFiles = { index: 'export.json', tables: 'tables', artifacts: 'artifacts' } as const

const tableSchema = z.strictObject({ rows: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) })

/** `export.json`: what the export holds, and the digests of its JSON files. */
export const exportIndexSchema = z.strictObject({
  format: z.literal('mate-bench-export'),
  version: z.literal(2),
  tables: z.partialRecord(z.enum(publicTableNames), tableSchema),
})

export type ExportIndex = z.output<typeof exportIndexSchema>
