import { doublePrecision, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytea } from './columns.ts'
import { runs } from './runs.ts'

/** The row of the exits' mean probability stands beside the exits, which count from 1. */
export const ensembleK = 0

/**
 * Results of every exit of every run. MACs are double precision: exact up to 2^53, and a bigint would lose digits
 * wherever rows travel as JSON.
 */
export const exitResults = pgTable(
  'exit_results',
  {
    runId: text('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** 1 is the shallowest exit, `ensembleK` the ensemble. */
    k: integer('k').notNull(),
    /** Where the exit attaches; null for the ensemble, as are the costs of its own. */
    after: text('after'),
    isolatedMacs: doublePrecision('isolated_macs'),
    /** Of the ensemble: what the last exit costs when all exits are run. */
    sequentialMacs: doublePrecision('sequential_macs').notNull(),
    parameters: doublePrecision('parameters'),
    top1: doublePrecision('top1').notNull(),
    top5: doublePrecision('top5').notNull(),
    nll: doublePrecision('nll').notNull(),
    ece: doublePrecision('ece').notNull(),
    auroc: doublePrecision('auroc'),
    /**
     * Who is right where: a bit per test image in dataset order, lowest bit first. Intervals, paired tests and the
     * frontier need these and nothing else of the predictions.
     */
    correct: bytea('correct').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.k] })],
)
