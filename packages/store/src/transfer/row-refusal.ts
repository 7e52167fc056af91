import { BenchError } from '@mate-bench/schema'

/** Classes of SQLSTATE that are about the rows: data that no column takes, and rules between rows. */
const ofRows = /^2[23]/

const kinds: Readonly<Record<string, string>> = {
  '23505': 'holds a row twice',
  '23503': 'has a row of something that the export lacks',
}

/** What the database says of a row that an export holds; undefined where it is not about the row. */
export function rowRefusal(path: string, thrown: unknown): BenchError | undefined {
  const found = postgresError(thrown)
  if (!found || !ofRows.test(found.code)) return undefined
  const what = kinds[found.code] ?? 'has a row that the database does not take'
  return new BenchError({
    code: 'bad-input',
    message: `${path} ${what}: ${found.detail}`,
    path,
    hint: 'The export was changed. Nothing was imported: export again, or publish the runs from their folders.',
    cause: thrown,
  })
}

function postgresError(thrown: unknown): { code: string; detail: string } | undefined {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++) {
    if (!('code' in error) || typeof error.code !== 'string') continue
    const detail = 'detail' in error && typeof error.detail === 'string' ? error.detail : error.message
    return { code: error.code, detail: detail.slice(0, 300) }
  }
  return undefined
}
