import { sql } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'

export interface DatabaseStatus {
  /** Such as `18.4`. */
  readonly serverVersion: string
  readonly sizeBytes: number
  readonly counts: {
    readonly tracks: number
    readonly entries: number
    readonly runs: number
    readonly syntheticRuns: number
    readonly artifacts: number
    readonly publishedResults: number
    readonly submissions: number
  }
}

/** What the database holds, in one query. */
export async function databaseStatus(db: Db): Promise<DatabaseStatus> {
  const { rows } = await db.execute<Record<string, string>>(sql`
    select current_setting('server_version') as version,
      pg_database_size(current_database())::text as size,
      (select count(*) from tracks)::text as tracks,
      (select count(*) from entries)::text as entries,
      (select count(*) from runs)::text as runs,
      (select count(*) from runs where synthetic)::text as synthetic_runs,
      (select count(distinct sha256) from artifacts)::text as artifacts,
      (select count(*) from published_results)::text as published_results,
      (select count(*) from submissions)::text as submissions`)
  const row = rows[0] ?? {}
  return {
    serverVersion: (row.version ?? '').split(' ', 1).join(''),
    sizeBytes: Number(row.size),
    counts: {
      tracks: Number(row.tracks),
      entries: Number(row.entries),
      runs: Number(row.runs),
      syntheticRuns: Number(row.synthetic_runs),
      artifacts: Number(row.artifacts),
      publishedResults: Number(row.published_results),
      submissions: Number(row.submissions),
    },
  }
}
