import { createRoute, z } from '@hono/zod-openapi'
import { listPublishedResults, publishedMetrics } from '@mate-bench/store'
import { type ApiApp, newApiApp } from '../api-app.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { problemResponses } from '../problem.ts'
import { wordSchema } from '../schemas/common.ts'

const publishedResultSchema = z
  .object({
    id: z.string(),
    paperId: z.string(),
    citation: z.object({
      title: z.string(),
      authors: z.array(z.string()),
      venue: z.string(),
      year: z.int(),
      doi: z.string().optional(),
      arxiv: z.string().optional(),
      url: z.string(),
    }),
    dataset: z.string(),
    architecture: z.string(),
    method: z.string().meta({ description: 'As the paper calls it.' }),
    benchMethod: z.string().nullable().meta({ description: 'The method here that it is.' }),
    variant: z.string(),
    exit: z.string().meta({ description: 'Number of the exit, or what the source calls it.' }),
    k: z.int().nullable(),
    metric: z.enum(publishedMetrics),
    value: z.number().meta({ description: 'Percent, as printed.' }),
    ci95: z.number().nullable(),
    flopsMillions: z.number().nullable().meta({ description: 'As printed.' }),
    parametersMillions: z.number().nullable(),
    table: z.string(),
    url: z.string(),
    caveats: z.array(z.string()),
  })
  .meta({
    id: 'PublishedResult',
    description: 'A number printed in a paper: never a run, never ranked with runs.',
  })

const list = createRoute({
  method: 'get',
  path: '/published-results',
  operationId: 'listPublishedResults',
  tags: ['published results'],
  summary: 'Numbers printed in papers, with citation and caveats',
  request: {
    query: z.object({
      dataset: wordSchema.optional(),
      architecture: wordSchema.optional(),
      method: wordSchema.optional().meta({ description: 'A method here.' }),
      metric: z.enum(publishedMetrics).optional(),
      paper: wordSchema.optional(),
    }),
  },
  responses: {
    200: {
      description: 'In the order of their papers and tables.',
      content: { 'application/json': { schema: z.object({ data: z.array(publishedResultSchema) }) } },
    },
    ...problemResponses(400, 503),
  },
})

export function publishedResultRoutes(deps: ApiDependencies): ApiApp {
  const app = newApiApp()
  app.openapi(list, async (c) => {
    const { method, paper, ...filter } = c.req.valid('query')
    const rows = await listPublishedResults(await deps.db(), {
      ...filter,
      benchMethod: method,
      paperId: paper,
    })
    return c.json({ data: rows.map((row) => publishedResultSchema.parse(row)) }, 200)
  })
  return app
}
