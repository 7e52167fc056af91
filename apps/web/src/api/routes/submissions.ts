import { createRoute, z } from '@hono/zod-openapi'
import { specJsonSchema } from '@mate-bench/harness/json-schema'
import { planSpec } from '@mate-bench/harness/plan'
import { digestSpec, parseSpec, type Spec } from '@mate-bench/harness/spec'
import { digestBytes } from '@mate-bench/provenance'
import { BenchError, idPatterns, textFault } from '@mate-bench/schema'
import {
  answerOnce,
  approveSubmission,
  cancelSubmission,
  createSubmission,
  type Db,
  firstAnswer,
  getSubmission,
  listSubmissions,
  rejectSubmission,
  type TokenRecord,
  teacherStanding,
} from '@mate-bench/store'
import { type ApiApp, newApiApp } from '../api-app.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { authenticate, mayDo } from '../middleware/authenticate.ts'
import { cache } from '../middleware/headers.ts'
import { jsonBody, limitBody, parseBody } from '../middleware/json-body.ts'
import { overLimits } from '../over-limits.ts'
import { problemResponses } from '../problem.ts'
import { problemResponse } from '../problem-response.ts'
import { askedDigestSchema, pageQuery, pageSchema } from '../schemas/common.ts'
import { submissionSchema, submissionStateSchema, submissionSummarySchema } from '../schemas/submission.ts'
import { submissionAnswer, submissionSummary } from '../submission-answer.ts'
import { totalMacs } from '../total-macs.ts'

const tags = ['submissions']
const security = [{ token: [] }]
const params = z.object({ id: z.string().regex(idPatterns.submission, 'Expected sub_ and 20 hex digits') })
const answered = {
  description: 'The submission as it is now.',
  content: { 'application/json': { schema: submissionSchema } },
}

const list = createRoute({
  method: 'get',
  path: '/submissions',
  operationId: 'listSubmissions',
  tags,
  summary: 'Submissions, newest first',
  request: {
    query: pageQuery.extend({ state: submissionStateSchema.optional(), spec: askedDigestSchema.optional() }),
  },
  responses: {
    200: {
      description: 'A page of submissions.',
      content: { 'application/json': { schema: pageSchema(submissionSummarySchema) } },
    },
    ...problemResponses(400, 503),
  },
})

const one = createRoute({
  method: 'get',
  path: '/submissions/{id}',
  operationId: 'getSubmission',
  tags,
  summary: 'A submission: state, history, progress and the end of its log',
  request: { params },
  responses: { 200: answered, ...problemResponses(400, 404, 503) },
})

/** A sentence for whoever reads the history of a submission. */
const noteSchema = z
  .string()
  .max(500)
  .superRefine((text, context) => {
    const fault = textFault(text)
    if (fault !== undefined) context.addIssue({ code: 'custom', message: `The text ${fault}.` })
  })

function submitRoute(deps: ApiDependencies) {
  return createRoute({
    method: 'post',
    path: '/submissions',
    operationId: 'submitSpec',
    tags,
    summary: 'Ask for a spec to be trained',
    security,
    middleware: [authenticate(deps, 'submit'), limitBody(deps.limits.bodyBytes), jsonBody] as const,
    request: {
      headers: z.object({
        'idempotency-key': z
          .string()
          .regex(/^[\x21-\x7e]{1,200}$/, 'Expected 1 to 200 printable ASCII characters without spaces')
          .optional()
          .meta({
            description:
              'Up to 200 characters of your choice, new for each request. A request repeated with the same key gets the first answer.',
          }),
      }),
      body: {
        required: true,
        description: 'A spec, as in bench-specs/.',
        // Parsed by parseSpec, which names every problem; so this is for the document alone.
        content: { 'application/json': { schema: specJsonSchema() } },
      },
    },
    responses: {
      201: { ...answered, description: 'Accepted: it waits for approval.' },
      ...problemResponses(400, 401, 403, 409, 413, 415, 422, 429, 503),
    },
  })
}

function actRoute<const Name extends 'approve' | 'reject' | 'cancel'>(
  deps: ApiDependencies,
  name: Name,
  summary: string,
) {
  return createRoute({
    method: 'post',
    path: `/submissions/{id}/${name}`,
    operationId: `${name}Submission`,
    tags,
    summary,
    security,
    middleware: [
      name === 'cancel' ? authenticate(deps, 'submit', 'approve') : authenticate(deps, 'approve'),
    ] as const,
    request: { params, query: z.object({ note: noteSchema.optional() }) },
    responses: { 200: answered, ...problemResponses(400, 401, 403, 404, 409, 429, 503) },
  })
}

/** Submissions: read by anybody; made, decided and cancelled with a token. */
export function submissionRoutes(deps: ApiDependencies): ApiApp {
  const { launcher, limits, clock } = deps
  const app = newApiApp()
  app.openapi(list, async (c) => {
    c.header('cache-control', cache.never)
    const { state, spec, ...filter } = c.req.valid('query')
    const page = await listSubmissions(await deps.db(), {
      ...filter,
      states: state && [state],
      specDigest: spec,
    })
    return c.json({ data: page.rows.map(submissionSummary), next: page.next }, 200)
  })
  app.openapi(one, async (c) => {
    c.header('cache-control', cache.never)
    return c.json(await submissionAnswer(await deps.db(), launcher, c.req.valid('param').id), 200)
  })
  app.openapi(submitRoute(deps), async (c) => {
    const { token, body } = c.var
    const db = await deps.db()
    const created = (answer: unknown, replayed: boolean) => {
      const submission = submissionSchema.parse(answer)
      if (replayed) c.header('idempotency-replayed', 'true')
      c.header('location', `/api/v1/submissions/${submission.id}`)
      return c.json(submission, 201)
    }
    const key = c.req.valid('header')['idempotency-key']
    const request =
      key === undefined
        ? undefined
        : { tokenId: token.id, key, requestDigest: digestBytes(body), now: clock() }
    const first = request && (await firstAnswer(db, request))
    if (first) return created(first.body, true)
    const spec = parseSpec(parseBody(body), 'the spec')
    const plan = planSpec(spec)
    const macs = totalMacs(plan)
    const over = overLimits(limits, macs, plan.trainingBytes)
    if (over) return over as never
    const answer = await db.transaction(async (tx) => {
      const work = () => submit(tx, deps, { spec, macs, token })
      return request ? await answerOnce(tx, request, work) : { ...(await work()), replayed: false }
    })
    return created(answer.body, answer.replayed)
  })
  app.openapi(actRoute(deps, 'approve', 'Approve a submission'), async (c) => {
    const db = await deps.db()
    const { id } = c.req.valid('param')
    await approveSubmission(db, launcher, { id, actor: c.var.token.owner, note: c.req.valid('query').note })
    return c.json(await submissionAnswer(db, launcher, id), 200)
  })
  app.openapi(actRoute(deps, 'reject', 'Reject a submission'), async (c) => {
    const db = await deps.db()
    const { id } = c.req.valid('param')
    await rejectSubmission(db, { id, actor: c.var.token.owner, note: c.req.valid('query').note })
    return c.json(await submissionAnswer(db, launcher, id), 200)
  })
  app.openapi(actRoute(deps, 'cancel', 'Cancel it, or stop it within a step'), async (c) => {
    const db = await deps.db()
    const { id } = c.req.valid('param')
    const { token } = c.var
    if (!(await mayCancel(db, id, token))) {
      return problemResponse({
        code: 'forbidden',
        detail:
          'Only who submitted it, or a token with the scope approve, may cancel it; an approved check only the latter.',
      }) as never
    }
    await cancelSubmission(db, launcher, { id, actor: token.owner, note: c.req.valid('query').note })
    return c.json(await submissionAnswer(db, launcher, id), 200)
  })
  return app
}

interface SubmitOptions {
  readonly spec: Spec
  readonly macs: number
  readonly token: TokenRecord
}

async function submit(tx: Db, { launcher }: ApiDependencies, { spec, macs, token }: SubmitOptions) {
  const standing = await teacherStanding(tx, spec, spec.seeds)
  if (standing.state === 'missing') {
    throw new BenchError({
      code: 'conflict',
      message: standing.note,
      path: 'method',
      hint: 'Submit the teacher first; `mate-bench submit SPEC` sends the chain in order.',
    })
  }
  const { id } = await createSubmission(tx, {
    spec,
    specDigest: digestSpec(spec),
    totalMacs: macs,
    tokenId: token.id,
    submitter: token.owner,
  })
  return { status: 201, body: await submissionAnswer(tx, launcher, id) }
}

/**
 * The owner with any token that may submit, or who may approve. A check that was approved is the site's to end: who asked for
 * it may be the author of the run.
 */
async function mayCancel(db: Db, id: string, token: TokenRecord): Promise<boolean> {
  if (mayDo(token, ['approve'])) return true
  const { submission } = await getSubmission(db, id, 0)
  const isOpenToOwner = submission.kind === 'training' || submission.state === 'submitted'
  return submission.submitter === token.owner && isOpenToOwner
}
