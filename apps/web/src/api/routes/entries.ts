import { createRoute, z } from '@hono/zod-openapi'
import { BenchError, idPatterns } from '@mate-bench/schema'
import { findEntry, listEntries } from '@mate-bench/store'
import { type ApiApp, newApiApp } from '../api-app.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { entryAnswer } from '../entry-answer.ts'
import { problemResponses } from '../problem.ts'
import { askedDigestSchema, pageQuery, pageSchema, runTierSchema, wordSchema } from '../schemas/common.ts'
import { entrySchema, entrySummarySchema } from '../schemas/entry.ts'

const tags = ['entries']

const list = createRoute({
  method: 'get',
  path: '/entries',
  operationId: 'listEntries',
  tags,
  summary: 'Entries, newest first',
  request: {
    query: pageQuery.extend({
      track: askedDigestSchema.optional(),
      spec: askedDigestSchema.optional(),
      dataset: wordSchema.optional(),
      method: wordSchema.optional(),
      backbone: wordSchema.optional(),
      tier: runTierSchema.optional().meta({
        description: 'Tier of the entry: the weakest among its runs, as on the board.',
      }),
      backend: wordSchema.optional().meta({ description: 'That at least one of its runs was trained with.' }),
    }),
  },
  responses: {
    200: {
      description: 'A page of entries.',
      content: { 'application/json': { schema: pageSchema(entrySummarySchema) } },
    },
    ...problemResponses(400, 503),
  },
})

const one = createRoute({
  method: 'get',
  path: '/entries/{id}',
  operationId: 'getEntry',
  tags,
  summary: 'An entry: every exit over the seeds, with intervals',
  request: {
    params: z.object({ id: z.string().regex(idPatterns.entry, 'Expected entry_ and 20 hex digits') }),
  },
  responses: {
    200: { description: 'The entry.', content: { 'application/json': { schema: entrySchema } } },
    308: {
      description:
        'The id is a former one, from when each spec was an entry of its own; `Location` has the current one.',
    },
    ...problemResponses(400, 404, 503),
  },
})

/** Entries, listed and one by one, with the numbers of their tables. */
export function entryRoutes(deps: ApiDependencies): ApiApp {
  const app = newApiApp()
  app.openapi(list, async (c) => {
    const { track, spec, ...filter } = c.req.valid('query')
    const page = await listEntries(await deps.db(), { ...filter, trackDigest: track, specDigest: spec })
    const data = page.rows.map(({ backends, publishedAt, updatedAt, ...entry }) => ({
      ...entry,
      backends: [...backends],
      publishedAt: publishedAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    }))
    return c.json({ data, next: page.next }, 200)
  })
  app.openapi(one, async (c) => {
    const { id } = c.req.valid('param')
    const db = await deps.db()
    const entry = await findEntry(db, id)
    if (!entry) throw new BenchError({ code: 'not-found', message: `There is no entry ${id}.` })
    if (entry.id !== id) return c.redirect(`${c.req.path.slice(0, -id.length)}${entry.id}`, 308)
    return c.json(await entryAnswer(db, entry), 200)
  })
  return app
}
