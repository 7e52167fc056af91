import { createRoute, z } from '@hono/zod-openapi'
import { artifactFiles, BenchError } from '@mate-bench/schema'
import { findArtifactByDigest, parseSha256 } from '@mate-bench/store'
import { type ApiApp, newApiApp } from '../api-app.ts'
import { etagOf, notModified } from '../conditional.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { cache } from '../middleware/headers.ts'
import { problemResponses } from '../problem.ts'
import { askedDigestSchema } from '../schemas/common.ts'
import { storedBytes } from '../stored-bytes.ts'

const one = createRoute({
  method: 'get',
  path: '/artifacts/{sha256}',
  operationId: 'getArtifact',
  tags: ['runs'],
  summary: 'The bytes of a file of a published run',
  request: {
    params: z.object({ sha256: askedDigestSchema }),
  },
  responses: {
    200: {
      description: 'The file, held to its digest.',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
    ...problemResponses(400, 404, 500, 503),
  },
})

/** The files of published runs, by their digests. */
export function artifactRoutes(deps: ApiDependencies): ApiApp {
  const app = newApiApp()
  app.openapi(one, async (c) => {
    const sha256 = parseSha256(c.req.valid('param').sha256.replace('sha256:', ''))
    // Only files that a published run lists are handed out, whatever else lies in the artifact store.
    const db = await deps.db()
    const listed = await findArtifactByDigest(db, sha256)
    if (!listed) throw new BenchError({ code: 'not-found', message: 'No published run has this file.' })
    const etag = etagOf(sha256)
    const headers = { etag, 'cache-control': cache.forever }
    if (notModified(c.req.raw.headers, etag)) return new Response(null, { status: 304, headers }) as never
    const bytes = await storedBytes(db, await deps.artifacts(), listed)
    return c.body(new Uint8Array(bytes), 200, {
      ...headers,
      'content-type': artifactFiles[listed.role].mediaType,
      'content-disposition': `attachment; filename="${artifactFiles[listed.role].file}"`,
    })
  })
  return app
}
