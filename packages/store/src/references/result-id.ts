import { digestJson } from '@mate-bench/provenance'
import type { publishedResults } from '../schema/index.ts'

/** The id of a published number is a digest of the whole row, so that a row which is there already is the same row. */
export function resultId(content: Omit<typeof publishedResults.$inferSelect, 'id'>): string {
  return `ref_${digestJson(content).slice('sha256:'.length, 'sha256:'.length + 20)}`
}
