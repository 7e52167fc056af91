import type { Problem } from '@mate-bench/schema'
import { problemsFromIssues } from '@mate-bench/schema'
import type { z } from 'zod'
import type { papers, publishedResults } from '../schema/index.ts'
import { paperRowSchema, resultRowSchema } from './reference-file.ts'
import { resultId } from './result-id.ts'

/** Holds rows of published numbers to the form of the files that they come from, and to the digests that name them. */
export function referenceProblems(
  paperRows: readonly (typeof papers.$inferSelect)[],
  resultRows: readonly (typeof publishedResults.$inferSelect)[],
): Problem[] {
  return [
    ...paperRows.flatMap((row) => formProblems(paperRowSchema, row, `papers.${row.id}`)),
    ...resultRows.flatMap((row) => {
      const path = `publishedResults.${row.id}`
      const problems = formProblems(resultRowSchema, row, path)
      if (problems.length > 0) return problems
      const { id, ...content } = row
      return id === resultId(content)
        ? []
        : [{ path, message: 'The number is not the one that its id names.' }]
    }),
  ]
}

function formProblems(schema: z.ZodType, row: unknown, path: string): Problem[] {
  const parsed = schema.safeParse(row)
  if (parsed.success) return []
  return problemsFromIssues(parsed.error.issues, schema, row).map((problem) => ({
    ...problem,
    path: `${path}.${problem.path}`,
  }))
}
