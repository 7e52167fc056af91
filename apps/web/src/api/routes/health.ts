import { createRoute, z } from '@hono/zod-openapi'
import { currentDataVersion, type Db, migrationStatus } from '@mate-bench/store'
import { type ApiApp, newApiApp } from '../api-app.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { cache } from '../middleware/headers.ts'
import { problemResponses } from '../problem.ts'
import { problemResponse } from '../problem-response.ts'
import { instantSchema } from '../schemas/common.ts'

const health = createRoute({
  method: 'get',
  path: '/health',
  operationId: 'getHealth',
  tags: ['health'],
  summary: 'Whether the program is running; says nothing about the database',
  responses: {
    200: {
      description: 'It runs.',
      content: { 'application/json': { schema: z.object({ status: z.literal('ok') }) } },
    },
  },
})

const ready = createRoute({
  method: 'get',
  path: '/ready',
  operationId: 'getReady',
  tags: ['health'],
  summary: 'Whether it can answer: database reachable, tables up to date',
  responses: {
    200: {
      description: 'It can.',
      content: {
        'application/json': { schema: z.object({ status: z.literal('ready'), migrations: z.int() }) },
      },
    },
    ...problemResponses(503),
  },
})

const version = createRoute({
  method: 'get',
  path: '/version',
  operationId: 'getDataVersion',
  tags: ['health'],
  summary: 'The version of the public data: a new one whenever something is published, checked or withdrawn',
  responses: {
    200: {
      description: 'Valid as long as `version` stays the same.',
      content: {
        'application/json': { schema: z.object({ version: z.string(), changedAt: instantSchema }) },
      },
    },
    ...problemResponses(503),
  },
})

/** How long the database may take to say that it is there. */
const patienceMilliseconds = 3000

/** For who watches the server: whether it runs, and whether it can answer. */
export function healthRoutes(deps: ApiDependencies): ApiApp {
  const app = newApiApp()
  app.openapi(health, (c) => {
    c.header('cache-control', cache.never)
    return c.json({ status: 'ok' as const }, 200)
  })
  app.openapi(ready, async (c) => {
    c.header('cache-control', cache.never)
    try {
      const { known, applied, ahead } = await within(patienceMilliseconds, deps.db().then(migrations))
      if (ahead > 0) {
        return problemResponse({
          code: 'storage',
          detail: `The database is of a newer version: it has ${applied + ahead} migrations, this server knows ${known}.`,
          hint: 'Deploy the version that changed the database.',
        }) as never
      }
      if (applied === known) return c.json({ status: 'ready' as const, migrations: applied }, 200)
      return problemResponse({
        code: 'storage',
        detail: `The database has ${applied} of ${known} migrations.`,
        hint: 'Run `mate-bench db migrate`.',
      }) as never
    } catch (thrown) {
      deps.onError(thrown)
      return problemResponse({ code: 'storage', detail: 'The database cannot be reached.' }) as never
    }
  })
  app.openapi(version, async (c) => {
    c.header('cache-control', cache.never)
    const { version: name, changedAt } = await currentDataVersion(await deps.db())
    return c.json({ version: name, changedAt: changedAt.toISOString() }, 200)
  })
  return app
}

const migrations = (db: Db) => migrationStatus(db)

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
