import type { Envelope, LedgerKind } from '@mate-bench/schema'
import { bigint, index, integer, json, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytea, instant } from './columns.ts'

/**
 * What happened to runs, in the order in which it was written down. Rows are added and never changed: a trigger refuses
 * the rest (see the migration). No row refers to a run, since a run that was never published has its events too.
 */
export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    /** Of the leaf, from 0 and without gaps. */
    index: bigint('index', { mode: 'number' }).primaryKey(),
    /** The event as canonical JSON: the bytes that the tree is over. The columns below repeat it for queries. */
    leaf: text('leaf').notNull(),
    kind: text('kind').$type<LedgerKind>().notNull(),
    runId: text('run_id').notNull(),
    specDigest: text('spec_digest').notNull(),
    experimentDigest: text('experiment_digest').notNull(),
    seed: bigint('seed', { mode: 'number' }).notNull(),
    key: text('key'),
    at: instant('at').notNull(),
    /** What the author signed, where it was signed; the finished run has its own signature. */
    evidence: json('evidence').$type<Envelope>(),
  },
  (table) => [
    index('ledger_entries_run').on(table.runId, table.index),
    index('ledger_entries_spec').on(table.specDigest, table.index),
    index('ledger_entries_experiment').on(table.experimentDigest, table.index),
    index('ledger_entries_kind').on(table.kind, table.index),
  ],
)

/** Complete subtrees of the Merkle tree over the events; they follow from them, and are never changed either. */
export const ledgerNodes = pgTable(
  'ledger_nodes',
  {
    /** 0 for leaves. */
    level: integer('level').notNull(),
    /** Of the subtrees of its level. */
    index: bigint('index', { mode: 'number' }).notNull(),
    hash: bytea('hash').notNull(),
  },
  (table) => [primaryKey({ columns: [table.level, table.index] })],
)
