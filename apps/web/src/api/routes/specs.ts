import { createRoute, z } from '@hono/zod-openapi'
import { BenchError } from '@mate-bench/schema'
import { findSpec, listSpecs } from '@mate-bench/store'
import { type ApiApp, newApiApp } from '../api-app.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { problemResponses } from '../problem.ts'
import {
  askedDigestSchema,
  digestSchema,
  instantSchema,
  pageQuery,
  pageSchema,
  specDocumentSchema,
  wordSchema,
} from '../schemas/common.ts'

const tags = ['specs']

const specSummarySchema = z
  .object({
    digest: digestSchema,
    name: z.string(),
    method: z.string(),
    backbone: z.string(),
    head: z.string(),
    dataset: z.string(),
    exits: z.int(),
    publishedAt: instantSchema,
  })
  .meta({ id: 'SpecSummary' })

const list = createRoute({
  method: 'get',
  path: '/specs',
  operationId: 'listSpecs',
  tags,
  summary: 'Specs of published runs, newest first',
  request: {
    query: pageQuery.extend({
      name: wordSchema.optional(),
      method: wordSchema.optional(),
      backbone: wordSchema.optional(),
      dataset: wordSchema.optional(),
    }),
  },
  responses: {
    200: {
      description: 'A page of specs.',
      content: { 'application/json': { schema: pageSchema(specSummarySchema) } },
    },
    ...problemResponses(400, 503),
  },
})

const one = createRoute({
  method: 'get',
  path: '/specs/{digest}',
  operationId: 'getSpec',
  tags,
  summary: 'A spec with all its defaults, as it was trained',
  request: { params: z.object({ digest: askedDigestSchema }) },
  responses: {
    200: { description: 'The spec.', content: { 'application/json': { schema: specDocumentSchema } } },
    ...problemResponses(400, 404, 503),
  },
})

/** Specs of published runs; those that were only submitted are with their submissions. */
export function specRoutes(deps: ApiDependencies): ApiApp {
  const app = newApiApp()
  app.openapi(list, async (c) => {
    const page = await listSpecs(await deps.db(), c.req.valid('query'))
    const data = page.rows.map(({ id, publishedAt, ...spec }) => ({
      digest: id,
      ...spec,
      publishedAt: publishedAt.toISOString(),
    }))
    return c.json({ data, next: page.next }, 200)
  })
  app.openapi(one, async (c) => {
    const { digest } = c.req.valid('param')
    const spec = await findSpec(await deps.db(), digest)
    if (!spec) throw new BenchError({ code: 'not-found', message: `There is no spec ${digest}.` })
    return c.json(spec.document, 200)
  })
  return app
}
