import { createRoute, z } from '@hono/zod-openapi'
import { signEnvelope } from '@mate-bench/harness/signing'
import { openStart, type PublishedHead, signedBytes } from '@mate-bench/provenance'
import {
  BenchError,
  idPatterns,
  ledgerKinds,
  payloadTypes,
  problemsFromIssues,
  type TreeHead,
} from '@mate-bench/schema'
import {
  consistencyPath,
  type Db,
  eventAt,
  eventsOfRun,
  inclusionPath,
  listEvents,
  listKeys,
  recordFailure,
  recordStart,
  signatureOfRun,
  takeFromBucket,
  treeHead,
  withdrawRun,
} from '@mate-bench/store'
import { type ApiApp, newApiApp } from '../api-app.ts'
import { bindSender } from '../bind-sender.ts'
import { boundElsewhere } from '../bound-elsewhere.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { authenticate, mayDo } from '../middleware/authenticate.ts'
import { cache } from '../middleware/headers.ts'
import { jsonBody, limitBody, parseBody } from '../middleware/json-body.ts'
import { problemResponses } from '../problem.ts'
import { problemResponse } from '../problem-response.ts'
import { askedDigestSchema, pageQuery, pageSchema } from '../schemas/common.ts'
import {
  consistencySchema,
  eventProofSchema,
  headSchema,
  newStartSchema,
  reasonSchema,
  recordedEventSchema,
  runEventsSchema,
  signatureSchema,
  signingKeySchema,
} from '../schemas/ledger.ts'

const tags = ['ledger']
const security = [{ token: [] }]
const size = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const runParams = z.object({ id: z.string().regex(idPatterns.run, 'Expected run_ and 20 hex digits') })

const head = createRoute({
  method: 'get',
  path: '/ledger/head',
  operationId: 'getLedgerHead',
  tags,
  summary: 'The signed head: size and root of the tree over every event',
  request: {
    query: z.object({ size: size.optional().meta({ description: 'As it was with so many events.' }) }),
  },
  responses: {
    200: { description: 'The head.', content: { 'application/json': { schema: headSchema } } },
    ...problemResponses(400, 404, 503),
  },
})

const events = createRoute({
  method: 'get',
  path: '/ledger/events',
  operationId: 'listLedgerEvents',
  tags,
  summary: 'What happened to runs, oldest first',
  request: {
    query: pageQuery.extend({
      run: runParams.shape.id.optional(),
      spec: askedDigestSchema.optional(),
      experiment: askedDigestSchema.optional(),
      kind: z.enum(ledgerKinds).optional(),
      from: size.optional().meta({ description: 'Index of the first event to return.' }),
    }),
  },
  responses: {
    200: {
      description: 'A page of events.',
      content: { 'application/json': { schema: pageSchema(recordedEventSchema) } },
    },
    ...problemResponses(400, 503),
  },
})

const proof = createRoute({
  method: 'get',
  path: '/ledger/events/{index}/proof',
  operationId: 'getEventProof',
  tags,
  summary: 'Proof that an event is in the tree',
  request: {
    params: z.object({ index: size }),
    query: z.object({ size: size.optional().meta({ description: 'Of the tree; all of it by default.' }) }),
  },
  responses: {
    200: { description: 'The proof.', content: { 'application/json': { schema: eventProofSchema } } },
    ...problemResponses(400, 404, 503),
  },
})

const consistency = createRoute({
  method: 'get',
  path: '/ledger/consistency',
  operationId: 'getConsistency',
  tags,
  summary: 'Proof that an earlier tree is the beginning of a later one',
  request: { query: z.object({ first: size, second: size }) },
  responses: {
    200: { description: 'The proof.', content: { 'application/json': { schema: consistencySchema } } },
    ...problemResponses(400, 404, 503),
  },
})

const ofRun = createRoute({
  method: 'get',
  path: '/ledger/runs/{id}',
  operationId: 'getRunEvents',
  tags,
  summary: 'Every event of a run, each with its proof',
  request: { params: runParams },
  responses: {
    200: { description: 'The events.', content: { 'application/json': { schema: runEventsSchema } } },
    ...problemResponses(400, 404, 503),
  },
})

const signature = createRoute({
  method: 'get',
  path: '/runs/{id}/signature',
  operationId: 'getRunSignature',
  tags: ['runs'],
  summary: 'Who vouches for the run, and what they signed',
  request: { params: runParams },
  responses: {
    200: { description: 'The signature.', content: { 'application/json': { schema: signatureSchema } } },
    ...problemResponses(400, 404, 503),
  },
})

const keys = createRoute({
  method: 'get',
  path: '/keys',
  operationId: 'listKeys',
  tags,
  summary: 'Public keys that have signed something here',
  responses: {
    200: {
      description: 'In the order in which they came.',
      content: { 'application/json': { schema: z.object({ data: z.array(signingKeySchema) }) } },
    },
    ...problemResponses(503),
  },
})

/** Runs that one token may begin: so many at once, and then so many a day. */
const startsADay = 200
const startsPerToken = { burst: startsADay, perMinute: startsADay / (24 * 60) }

function tooManyStarts(retryAfterSeconds: number): Response {
  return problemResponse({
    code: 'rate-limited',
    detail: `A token begins at most ${startsADay} runs a day; the next in ${retryAfterSeconds} s.`,
    hint: 'Who runs the site can give another token.',
    headers: { 'retry-after': String(retryAfterSeconds) },
  })
}

const starts = (deps: ApiDependencies) =>
  createRoute({
    method: 'post',
    path: '/ledger/starts',
    operationId: 'registerStart',
    tags,
    summary: 'Record a run before it is trained',
    security,
    middleware: [authenticate(deps, 'submit'), limitBody(deps.limits.bodyBytes), jsonBody] as const,
    request: {
      body: {
        required: true,
        description: 'The start, signed or not: start.json of the run.',
        content: { 'application/json': { schema: newStartSchema } },
      },
    },
    responses: {
      201: {
        description: 'It is written down: keep this proof with the run.',
        content: { 'application/json': { schema: eventProofSchema } },
      },
      ...problemResponses(400, 401, 403, 409, 413, 415, 422, 429, 503),
    },
  })

const ending = <const Name extends 'failure' | 'withdrawal'>(
  deps: ApiDependencies,
  name: Name,
  summary: string,
) =>
  createRoute({
    method: 'post',
    path: `/ledger/runs/{id}/${name}`,
    operationId: name === 'failure' ? 'reportFailure' : 'withdrawRun',
    tags,
    summary,
    security,
    middleware: [
      authenticate(deps, name === 'failure' ? 'submit' : 'admin'),
      limitBody(deps.limits.bodyBytes),
      jsonBody,
    ] as const,
    request: {
      params: runParams,
      body: {
        required: true,
        description: 'Why, in a sentence for everybody to read.',
        content: { 'application/json': { schema: reasonSchema } },
      },
    },
    responses: {
      200: { description: 'The events.', content: { 'application/json': { schema: runEventsSchema } } },
      ...problemResponses(400, 401, 403, 404, 409, 413, 415, 429, 503),
    },
  })

/**
 * The ledger: read and proven by anybody, written to with a token.
 *
 * Head, events and proofs are checked against each other and against what a reader has seen before. A cache would give them from
 * different moments, and a head older than the last one looks as if events had been taken away: what is of the ledger as
 * it is now is never kept. An answer for a named size stays the same.
 */
export function ledgerRoutes(deps: ApiDependencies): ApiApp {
  const app = newApiApp()
  const published = async (of: TreeHead): Promise<PublishedHead> => {
    const key = await deps.signingKey?.()
    return { head: of, envelope: key ? signEnvelope(key, payloadTypes.treeHead, signedBytes(of)) : null }
  }
  app.openapi(head, async (c) => {
    const { size: asked } = c.req.valid('query')
    if (asked === undefined) c.header('cache-control', cache.never)
    return c.json(await published(await treeHead(await deps.db(), asked)), 200)
  })
  app.openapi(events, async (c) => {
    c.header('cache-control', cache.never)
    const { run, spec, experiment, ...filter } = c.req.valid('query')
    const page = await listEvents(await deps.db(), {
      ...filter,
      runId: run,
      specDigest: spec,
      experimentDigest: experiment,
    })
    return c.json({ data: [...page.rows], next: page.next }, 200)
  })
  app.openapi(proof, async (c) => {
    const { index } = c.req.valid('param')
    const { size: asked } = c.req.valid('query')
    if (asked === undefined) c.header('cache-control', cache.never)
    return c.json(await eventProof(await deps.db(), index, published, asked), 200)
  })
  app.openapi(consistency, async (c) => {
    const { first, second } = c.req.valid('query')
    return c.json({ first, second, path: await consistencyPath(await deps.db(), first, second) }, 200)
  })
  app.openapi(ofRun, async (c) => {
    // Whoever has just written wants to see it.
    c.header('cache-control', cache.never)
    return c.json(await runEvents(await deps.db(), c.req.valid('param').id, published), 200)
  })
  app.openapi(signature, async (c) => {
    const { id } = c.req.valid('param')
    const found = await signatureOfRun(await deps.db(), id)
    if (found) return c.json(found, 200)
    throw new BenchError({ code: 'not-found', message: `There is no run ${id} that somebody signed.` })
  })
  app.openapi(keys, async (c) => {
    const found = await listKeys(await deps.db())
    const data = found.map((row) => ({ ...row, firstSeenAt: row.firstSeenAt.toISOString() }))
    return c.json({ data }, 200)
  })
  app.openapi(starts(deps), async (c) => {
    const db = await deps.db()
    const now = deps.clock()
    const input = parsed(newStartSchema, c.var.body)
    const { start, key, evidence } =
      'envelope' in input
        ? await openStart(input.envelope).then(({ keyId, start }) => ({
            start,
            key: keyId,
            evidence: input.envelope,
          }))
        : { start: input.start, key: null, evidence: undefined }
    const binding = 'envelope' in input ? input.binding : undefined
    const refused = await bindSender(c, deps, db, { key, binding })
    if (refused) return refused as never
    // What is begun stays in the ledger for ever.
    if ((await eventsOfRun(db, start.runId)).length === 0) {
      const ofDay = await takeFromBucket(db, `starts:${c.var.token.id}`, startsPerToken, now)
      if (!ofDay.allowed) return tooManyStarts(ofDay.retryAfterSeconds) as never
    }
    const index = await recordStart(db, start, { key, evidence, now })
    return c.json(await eventProof(db, index, published), 201)
  })
  app.openapi(ending(deps, 'failure', 'Record that a run failed'), async (c) => {
    const db = await deps.db()
    const { id } = c.req.valid('param')
    const { reason } = parsed(reasonSchema, c.var.body)
    const [first] = await eventsOfRun(db, id)
    const isOwn = first?.event.key !== null && first?.event.key === c.var.token.key
    if (first && !isOwn && !mayDo(c.var.token, [])) return boundElsewhere() as never
    await db.transaction((tx) => recordFailure(tx, id, reason, deps.clock()))
    return c.json(await runEvents(db, id, published), 200)
  })
  app.openapi(ending(deps, 'withdrawal', 'Withdraw a run: its tombstone stays'), async (c) => {
    const db = await deps.db()
    const { id } = c.req.valid('param')
    const { reason } = parsed(reasonSchema, c.var.body)
    await withdrawRun(db, id, { reason, now: deps.clock() })
    return c.json(await runEvents(db, id, published), 200)
  })
  return app
}

type Publish = (of: TreeHead) => Promise<PublishedHead>

async function eventProof(db: Db, index: number, published: Publish, size?: number) {
  const { event } = await eventAt(db, index)
  const of = await treeHead(db, size)
  return { index, event, path: await inclusionPath(db, index, of.treeSize), ...(await published(of)) }
}

async function runEvents(db: Db, runId: string, published: Publish) {
  const of = await treeHead(db)
  const found = (await eventsOfRun(db, runId)).filter(({ index }) => index < of.treeSize)
  if (found.length === 0) {
    throw new BenchError({ code: 'not-found', message: `The ledger knows no run ${runId}.` })
  }
  const proven = await Promise.all(
    found.map(async ({ index, event }) => ({
      ...{ index, event, path: await inclusionPath(db, index, of.treeSize) },
    })),
  )
  return { ...(await published(of)), events: proven }
}

/** @throws BenchError `bad-input` */
function parsed<T>(schema: z.ZodType<T>, body: Uint8Array): T {
  const input = parseBody(body)
  const { data, error } = schema.safeParse(input)
  if (error === undefined) return data
  throw new BenchError({
    code: 'bad-input',
    message: 'The body is not what this address takes.',
    problems: problemsFromIssues(error.issues, schema, input),
  })
}
