import { and, eq, inArray, notInArray, sql } from 'drizzle-orm'
import type { Db, Transaction } from '../drivers/db.ts'
import { storeErrorFromUnknown } from '../drivers/store-error.ts'
import { papers, publishedResults } from '../schema/index.ts'
import { readReferences } from './read-references.ts'
import type { ReferenceFile } from './reference-file.ts'
import { resultId } from './result-id.ts'

export interface SeededReferences {
  readonly papers: number
  readonly results: number
}

/**
 * Makes the published numbers of the database those of a folder, in one transaction: new ones are added, changed
 * ones corrected, and those that left a paper's file removed. A second time changes nothing.
 *
 * @throws BenchError `not-found`, `bad-input` for the folder, `storage`
 */
export async function seedReferences(db: Db, folder: string): Promise<SeededReferences> {
  const files = readReferences(folder)
  const rows = files.flatMap(resultRows)
  try {
    await db.transaction(async (tx) => {
      // Two at once would take the rows in the same order anyway, but the second has nothing left to do.
      await tx.execute(sql`lock table ${papers} in share row exclusive mode`)
      for (const file of files) await writePaper(tx, file)
      const gone = notInArray(
        papers.id,
        files.map(({ id }) => id),
      )
      await tx.delete(papers).where(gone)
    })
  } catch (thrown) {
    throw storeErrorFromUnknown(thrown, {
      doing: 'loading published numbers',
      retry: 'Nothing was changed: run `mate-bench db seed` again.',
    })
  }
  return { papers: files.length, results: rows.length }
}

type ResultRow = typeof publishedResults.$inferInsert

async function writePaper(tx: Transaction, file: ReferenceFile): Promise<void> {
  const { id, citation, caveats } = file
  await tx
    .insert(papers)
    .values({ id, citation, caveats })
    .onConflictDoUpdate({ target: papers.id, set: { citation, caveats } })
  const rows = resultRows(file)
  const ids = rows.map((row) => row.id)
  const present = await tx
    .select({ id: publishedResults.id })
    .from(publishedResults)
    .where(and(eq(publishedResults.paperId, id), inArray(publishedResults.id, ids)))
  const known = new Set(present.map((row) => row.id))
  const missing = rows.filter((row) => !known.has(row.id))
  await tx
    .delete(publishedResults)
    .where(and(eq(publishedResults.paperId, id), notInArray(publishedResults.id, ids)))
  if (missing.length > 0) await tx.insert(publishedResults).values(missing)
}

function resultRows({ id: paperId, tables }: ReferenceFile): ResultRow[] {
  const rows = tables.flatMap(({ table, url, caveats, series }) =>
    series.flatMap(({ points, caveats: own, ...shared }) =>
      points.map((point) => ({
        paperId,
        ...shared,
        subset: shared.subset ?? null,
        benchMethod: shared.benchMethod ?? null,
        runs: shared.runs ?? null,
        exit: point.exit,
        k: /^\d+$/.test(point.exit) ? Number(point.exit) : null,
        value: point.value,
        ci95: point.ci95 ?? null,
        flopsMillions: point.flopsMillions ?? null,
        parametersMillions: point.parametersMillions ?? null,
        table,
        url,
        caveats: [...caveats, ...own],
      })),
    ),
  )
  return rows.map((row, position) => {
    const content = { ...row, position }
    return { id: resultId(content), ...content }
  })
}
