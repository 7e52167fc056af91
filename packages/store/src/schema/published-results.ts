import { doublePrecision, index, integer, json, pgTable, text } from 'drizzle-orm/pg-core'

/** Who printed the numbers. */
export interface Citation {
  readonly title: string
  readonly authors: readonly string[]
  readonly venue: string
  /** Absent for repositories, which have no one year. */
  readonly year?: number | undefined
  readonly doi?: string | undefined
  readonly arxiv?: string | undefined
  readonly url: string
}

/** Papers and repositories that published results are taken from. */
export const papers = pgTable('papers', {
  id: text('id').primaryKey(),
  citation: json('citation').$type<Citation>().notNull(),
  /** What a reader must know before comparing anything of this paper. */
  caveats: text('caveats').array().notNull(),
})

/** Numbers printed in papers: shown beside runs as tier `published`, never ranked with them. */
export const publishedResults = pgTable(
  'published_results',
  {
    /** Digest of what identifies the number, so that loading it again changes nothing. */
    id: text('id').primaryKey(),
    paperId: text('paper_id')
      .notNull()
      .references(() => papers.id, { onDelete: 'cascade' }),
    /** Order in the paper's file. */
    position: integer('position').notNull(),
    dataset: text('dataset').notNull(),
    /** Which part of the training data, if not all of it. */
    subset: text('subset'),
    architecture: text('architecture').notNull(),
    method: text('method').notNull(),
    /** The method of ours that it is, where there is one. */
    benchMethod: text('bench_method'),
    variant: text('variant').notNull(),
    /** `1`, `2`, ... or what the source calls it: `ensemble`, `fusion`, `final`, `dynamic`, ... */
    exit: text('exit').notNull(),
    /** The exit's number, where it has one. */
    k: integer('k'),
    metric: text('metric').$type<PublishedMetric>().notNull(),
    /** Percent, as printed. */
    value: doublePrecision('value').notNull(),
    /** Half width of the 95 % interval in percent, as printed. */
    ci95: doublePrecision('ci95'),
    /** As printed; most of these papers call multiply-accumulates FLOPs. */
    flopsMillions: doublePrecision('flops_millions'),
    parametersMillions: doublePrecision('parameters_millions'),
    runs: text('runs'),
    /** Table, figure or file in which the number stands. */
    table: text('table').notNull(),
    url: text('url').notNull(),
    caveats: text('caveats').array().notNull(),
  },
  (table) => [
    index('published_results_dataset').on(table.dataset, table.architecture, table.method),
    index('published_results_method').on(table.benchMethod),
    index('published_results_paper').on(table.paperId, table.position),
  ],
)

export const publishedMetrics = ['top1', 'top5', 'top1_error', 'top5_error'] as const
export type PublishedMetric = (typeof publishedMetrics)[number]
