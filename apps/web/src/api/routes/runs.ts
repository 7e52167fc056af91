import { createRoute, z } from '@hono/zod-openapi'
import { decodePredictions } from '@mate-bench/harness/predictions-file'
import { BenchError, idPatterns } from '@mate-bench/schema'
import type { ExitPredictions } from '@mate-bench/stats'
import {
  artifactsOfRun,
  type Db,
  exitsOfRuns,
  findArtifact,
  findRun,
  listRuns,
  type RunDetail,
  type RunSummary,
} from '@mate-bench/store'
import { type ApiApp, newApiApp } from '../api-app.ts'
import { etagOf, notModified } from '../conditional.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { cache } from '../middleware/headers.ts'
import { problemResponses } from '../problem.ts'
import { askedDigestSchema, pageQuery, pageSchema, runTierSchema, wordSchema } from '../schemas/common.ts'
import {
  exitSchema,
  manifestDocumentSchema,
  predictionsSchema,
  runSchema,
  runSummarySchema,
} from '../schemas/run.ts'
import { storedBytes } from '../stored-bytes.ts'

const tags = ['runs']
const params = z.object({ id: z.string().regex(idPatterns.run, 'Expected run_ and 20 hex digits') })

const list = createRoute({
  method: 'get',
  path: '/runs',
  operationId: 'listRuns',
  tags,
  summary: 'Published runs, newest first',
  request: {
    query: pageQuery.extend({
      entry: wordSchema.optional(),
      spec: askedDigestSchema.optional(),
      track: askedDigestSchema.optional(),
      method: wordSchema.optional(),
      tier: runTierSchema.optional(),
      backend: wordSchema.optional(),
    }),
  },
  responses: {
    200: {
      description: 'A page of runs.',
      content: { 'application/json': { schema: pageSchema(runSummarySchema) } },
    },
    ...problemResponses(400, 503),
  },
})

const one = createRoute({
  method: 'get',
  path: '/runs/{id}',
  operationId: 'getRun',
  tags,
  summary: 'A run and its files',
  request: { params },
  responses: {
    200: { description: 'The run.', content: { 'application/json': { schema: runSchema } } },
    ...problemResponses(400, 404, 503),
  },
})

const exits = createRoute({
  method: 'get',
  path: '/runs/{id}/exits',
  operationId: 'listRunExits',
  tags,
  summary: 'Costs and metrics of every exit, and of the ensemble',
  request: { params },
  responses: {
    200: {
      description: 'The ensemble first (k is 0), then the exits, shallowest first.',
      content: { 'application/json': { schema: z.object({ data: z.array(exitSchema) }) } },
    },
    ...problemResponses(400, 404, 503),
  },
})

const manifest = createRoute({
  method: 'get',
  path: '/runs/{id}/manifest',
  operationId: 'getRunManifest',
  tags,
  summary: 'The manifest: everything needed to repeat and check the run',
  request: { params },
  responses: {
    200: {
      description: 'As the harness wrote it.',
      content: { 'application/json': { schema: manifestDocumentSchema } },
    },
    ...problemResponses(400, 404, 503),
  },
})

const predictions = createRoute({
  method: 'get',
  path: '/runs/{id}/predictions',
  operationId: 'getRunPredictions',
  tags,
  summary: 'Predictions of every exit for every image',
  request: {
    params,
    query: z.object({
      split: z.enum(['test', 'validation']).default('test'),
      format: z.enum(['json', 'parquet']).default('json'),
    }),
  },
  responses: {
    200: {
      description: 'The table, or the very Parquet file of the run.',
      content: {
        'application/json': { schema: predictionsSchema },
        'application/vnd.apache.parquet': { schema: { type: 'string', format: 'binary' } },
      },
    },
    ...problemResponses(400, 404, 500, 503),
  },
})

/** Published runs with their exits, manifests and predictions. */
export function runRoutes(deps: ApiDependencies): ApiApp {
  const app = newApiApp()
  app.openapi(list, async (c) => {
    const { entry, spec, track, ...filter } = c.req.valid('query')
    const page = await listRuns(await deps.db(), {
      ...filter,
      entryId: entry,
      specDigest: spec,
      trackDigest: track,
    })
    return c.json({ data: page.rows.map(summaryOf), next: page.next }, 200)
  })
  app.openapi(one, async (c) => {
    const db = await deps.db()
    const run = await foundRun(db, c.req.valid('param').id)
    const artifacts = await artifactsOfRun(db, run.id)
    return c.json(
      {
        ...summaryOf(run),
        artifacts: artifacts.map(({ role, file, mediaType, bytes, sha256 }) => ({
          role,
          file,
          mediaType,
          bytes,
          sha256,
          url: `/api/v1/artifacts/${sha256}`,
        })),
      },
      200,
    )
  })
  app.openapi(exits, async (c) => {
    const db = await deps.db()
    const { id } = await foundRun(db, c.req.valid('param').id)
    const rows = (await exitsOfRuns(db, [id])).get(id) ?? []
    return c.json({ data: rows.map(({ runId: _, correct: _bits, ...exit }) => exit) }, 200)
  })
  app.openapi(manifest, async (c) => {
    const run = await foundRun(await deps.db(), c.req.valid('param').id)
    return c.json(run.manifest, 200)
  })
  app.openapi(predictions, async (c) => {
    const { split, format } = c.req.valid('query')
    const { id } = c.req.valid('param')
    const db = await deps.db()
    const artifact = await findArtifact(db, id, split === 'test' ? 'predictions' : 'validation-predictions')
    if (!artifact) {
      await foundRun(db, id)
      throw new BenchError({ code: 'not-found', message: `The run ${id} has no ${split} predictions.` })
    }
    const etag = etagOf(`${artifact.sha256}-${format}`)
    const headers = { etag, 'cache-control': cache.forever, vary: 'accept-encoding' }
    if (notModified(c.req.raw.headers, etag)) return new Response(null, { status: 304, headers }) as never
    const bytes = await storedBytes(db, await deps.artifacts(), artifact)
    if (format === 'parquet') {
      return c.body(new Uint8Array(bytes), 200, {
        ...headers,
        'content-type': 'application/vnd.apache.parquet',
        'content-disposition': `attachment; filename="${id}-${split}.parquet"`,
      })
    }
    const { indices, table } = await decodePredictions(bytes, artifact.file)
    return c.json(
      {
        runId: id,
        split,
        classes: table.classes,
        index: [...indices],
        label: [...table.labels],
        exits: table.exits.map(columnsOf),
        ensemble: columnsOf(table.ensemble),
      },
      200,
      headers,
    )
  })
  return app
}

async function foundRun(db: Db, id: string): Promise<RunDetail> {
  const run = await findRun(db, id)
  if (run) return run
  throw new BenchError({ code: 'not-found', message: `There is no run ${id}.` })
}

function summaryOf(run: RunSummary): z.output<typeof runSummarySchema> {
  const { id, entryId, name, method, backbone, seed, tier, backend, parameters, wallSeconds } = run
  const { deterministic, synthetic, specDigest, trackDigest, manifestDigest } = run
  return {
    ...{ id, entryId, name, method, backbone, seed, tier, backend, parameters, wallSeconds },
    ...{ deterministic, synthetic, specDigest, trackDigest, manifestDigest },
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt.toISOString(),
    publishedAt: run.publishedAt.toISOString(),
  }
}

function columnsOf(exit: ExitPredictions) {
  return {
    class: [...exit.predicted],
    confidence: [...exit.confidence],
    labelLogProbability: [...exit.labelLogProbability],
    labelRank: [...exit.labelRank],
    entropy: [...exit.entropy],
  }
}
