import type { Manifest } from '@mate-bench/schema'
import { bigint, boolean, doublePrecision, index, json, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { entries } from './entries.ts'
import { specs } from './specs.ts'
import type { RunTier } from './tiers.ts'

/** Finished, published runs. Everything but `tier` and `publishedAt` follows from the manifest. */
export const runs = pgTable(
  'runs',
  {
    id: text('id').primaryKey(),
    entryId: text('entry_id')
      .notNull()
      .references(() => entries.id),
    /** Its own: runs of one entry may come of specs with other names and lists of seeds. */
    specDigest: text('spec_digest')
      .notNull()
      .references(() => specs.digest),
    /** What the entry's id was when each spec made one (`formerEntryIdOf`): links to it lead to the entry. */
    formerEntryId: text('former_entry_id').notNull(),
    /** Below 2^32, which does not fit an int4. */
    seed: bigint('seed', { mode: 'number' }).notNull(),
    tier: text('tier').$type<RunTier>().notNull(),
    backend: text('backend').notNull(),
    parameters: doublePrecision('parameters').notNull(),
    wallSeconds: doublePrecision('wall_seconds').notNull(),
    deterministic: boolean('deterministic').notNull(),
    /** Made by a tool for load tests; never beside real runs. */
    synthetic: boolean('synthetic').notNull().default(false),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at').notNull(),
    publishedAt: instant('published_at').notNull(),
    manifestDigest: text('manifest_digest').notNull(),
    /** As text in the file, so that its bytes can be given back. */
    manifest: json('manifest').$type<Manifest>().notNull(),
  },
  (table) => [
    index('runs_entry').on(table.entryId, table.seed, table.finishedAt, table.id),
    index('runs_spec').on(table.specDigest),
    index('runs_former_entry').on(table.formerEntryId),
    index('runs_published').on(table.publishedAt, table.id),
    index('runs_backend').on(table.backend),
    index('runs_tier').on(table.tier),
    index('runs_synthetic').on(table.synthetic),
  ],
)
