import { benchErrorFromUnknown } from '@mate-bench/schema'
import { storeErrorFromUnknown } from '@mate-bench/store'
import { etag } from 'hono/etag'
import { type ApiApp, newApiApp } from './api-app.ts'
import type { ApiDependencies } from './dependencies.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { crossOriginReads } from './middleware/cross-origin-reads.ts'
import { cacheHeaders, safetyHeaders } from './middleware/headers.ts'
import { openApiDocument } from './openapi-document.ts'
import { isServerFault, problemFromUnknown } from './problem.ts'
import { problemResponse } from './problem-response.ts'
import { artifactRoutes } from './routes/artifacts.ts'
import { badgeRoutes } from './routes/badges.ts'
import { datasetRoutes } from './routes/datasets.ts'
import { entryRoutes } from './routes/entries.ts'
import { healthRoutes } from './routes/health.ts'
import { ledgerRoutes } from './routes/ledger.ts'
import { methodRoutes } from './routes/methods.ts'
import { publishedResultRoutes } from './routes/published-results.ts'
import { runRoutes } from './routes/runs.ts'
import { specRoutes } from './routes/specs.ts'
import { submissionRoutes } from './routes/submissions.ts'
import { trackRoutes } from './routes/tracks.ts'
import { verdictRoutes } from './routes/verdicts.ts'

export const apiPath = '/api/v1'

const parts = [
  healthRoutes,
  entryRoutes,
  runRoutes,
  verdictRoutes,
  artifactRoutes,
  trackRoutes,
  specRoutes,
  methodRoutes,
  datasetRoutes,
  publishedResultRoutes,
  submissionRoutes,
  ledgerRoutes,
  badgeRoutes,
]

/** The whole API. It holds nothing but what `deps` brings, so that a test can call it with `app.request()`. */
export function createApi(deps: ApiDependencies): ApiApp {
  const app = newApiApp().basePath(apiPath)
  app.use(safetyHeaders)
  app.use(crossOriginReads)
  app.use(etag({ retainedHeaders: ['cache-control', 'etag', 'vary', 'access-control-allow-origin'] }))
  app.use(cacheHeaders)
  for (const part of parts) app.route('/', part(deps))
  let document: ReturnType<typeof openApiDocument> | undefined
  app.get('/openapi.json', (c) => {
    document ??= openApiDocument(app)
    return c.json(document)
  })
  app.notFound((c) => {
    return (
      methodNotAllowed(app.routes, c.req.method, c.req.path) ??
      problemResponse({
        code: 'not-found',
        detail: 'There is nothing at this address.',
        hint: 'See /docs/api.',
      })
    )
  })
  app.onError((thrown) => {
    if (isUnstorableText(thrown)) {
      return problemResponse({
        code: 'bad-input',
        detail: 'The request holds characters that cannot be stored.',
      })
    }
    const error = isHttpException(thrown) ? thrown : storeErrorFromUnknown(thrown)
    if (isHttpException(error)) return problemResponse({ code: 'bad-input', detail: error.message })
    if (isServerFault(benchErrorFromUnknown(error))) deps.onError(error)
    return problemFromUnknown(error)
  })
  return app
}

/** Postgres refuses NUL, which no name or cursor of ours holds. */
function isUnstorableText(thrown: unknown): boolean {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++) {
    if ('code' in error && (error.code === '22021' || error.code === '22P05')) return true
  }
  return false
}

/** Hono's own refusals, such as of a cookie or a body that it can't read. */
function isHttpException(thrown: unknown): thrown is Error & { status: number } {
  return thrown instanceof Error && 'status' in thrown && 'getResponse' in thrown
}
