import type { SpecFrame } from '@mate-bench/schema'
import { index, integer, json, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/** Specs of published runs, with the names that pages filter by. */
export const specs = pgTable(
  'specs',
  {
    digest: text('digest').primaryKey(),
    name: text('name').notNull(),
    method: text('method').notNull(),
    backbone: text('backbone').notNull(),
    head: text('head').notNull(),
    dataset: text('dataset').notNull(),
    exits: integer('exits').notNull(),
    document: json('document').$type<SpecFrame>().notNull(),
    /** When the first of its runs was published. */
    publishedAt: instant('published_at').notNull(),
  },
  (table) => [
    index('specs_name').on(table.name),
    index('specs_method').on(table.method, table.backbone),
    index('specs_backbone').on(table.backbone),
    index('specs_dataset').on(table.dataset),
    index('specs_published').on(table.publishedAt, table.digest),
  ],
)
