import { createRoute, z } from '@hono/zod-openapi'
import { pagePublishedResults, publishedMetrics } from '@mate-bench/store'
import { type ApiApp, newApiApp } from '../api-app.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { problemResponses } from '../problem.ts'
import { pageQuery, pageSchema, wordSchema } from '../schemas/common.ts'

const publishedResultSchema = z
  .object({
    id: z.string(),
    tier: z.literal('published').meta({ description: 'Printed in a paper; nothing was checked here.' }),
    paperId: z.string(),
    citation: z.object({
      title: z.string(),
      authors: z.array(z.string()),
      venue: z.string(),
      year: z.int().optional().meta({ description: 'Absent for repositories, which have no one year.' }),
      doi: z.string().optional(),
      arxiv: z.string().optional(),
      url: z.string(),
    }),
    dataset: z.string(),
    subset: z.string().nullable().meta({ description: 'Which part of the training data, if not all of it.' }),
    architecture: z.string(),
    method: z.string().meta({ description: 'As the paper calls it.' }),
    benchMethod: z
      .string()
      .nullable()
      .meta({ description: 'The method of this project that it corresponds to.' }),
    variant: z.string(),
    exit: z.string().meta({ description: 'Number of the exit, or what the source calls it.' }),
    k: z.int().nullable(),
    metric: z.enum(publishedMetrics),
    value: z.number().meta({ description: 'Percent, as printed.' }),
    ci95: z.number().nullable(),
    flopsMillions: z.number().nullable().meta({ description: 'As printed.' }),
    parametersMillions: z.number().nullable(),
    runs: z
      .string()
      .nullable()
      .meta({ description: 'How many runs the number is of, in the words of the source.' }),
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
    query: pageQuery.extend({
      dataset: wordSchema.optional(),
      architecture: wordSchema.optional(),
      method: wordSchema.optional().meta({ description: 'A method here.' }),
      metric: z.enum(publishedMetrics).optional(),
      paper: wordSchema.optional(),
    }),
  },
  responses: {
    200: {
      description: 'A page, in the order of their papers and tables.',
      content: { 'application/json': { schema: pageSchema(publishedResultSchema) } },
    },
    ...problemResponses(400, 503),
  },
})

/** Numbers of papers, kept apart from runs. */
export function publishedResultRoutes(deps: ApiDependencies): ApiApp {
  const app = newApiApp()
  app.openapi(list, async (c) => {
    const { method, paper, ...filter } = c.req.valid('query')
    const { rows, next } = await pagePublishedResults(await deps.db(), {
      ...filter,
      benchMethod: method,
      paperId: paper,
    })
    const data = rows.map(({ citation, caveats, ...row }) => ({
      ...row,
      tier: 'published' as const,
      citation: { ...citation, authors: [...citation.authors] },
      caveats: [...caveats],
    }))
    return c.json({ data, next }, 200)
  })
  return app
}
