import { createRoute, z } from '@hono/zod-openapi'
import { parseSpec } from '@mate-bench/harness/spec'
import { verdictStatement, verifyVerdictSignature } from '@mate-bench/provenance'
import {
  BenchError,
  type CheckKind,
  type Envelope,
  envelopeSchema,
  idPatterns,
  rulings,
  textFault,
} from '@mate-bench/schema'
import {
  type Db,
  findRun,
  findVerdict,
  findVerdictOf,
  mostSentPerDay,
  mostSentPerRun,
  pageVerdicts,
  type RunDetail,
  recordSent,
  recordVerdict,
  requestCheck,
  ruleOnVerdict,
  sentLimitReached,
} from '@mate-bench/store'
import { findTableRow } from '@mate-bench/store/track-table'
import { type ApiApp, newApiApp } from '../api-app.ts'
import { bindSender } from '../bind-sender.ts'
import { checkCosts } from '../check-costs.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { judgeSent, mostManifests } from '../judge-sent.ts'
import { authenticate } from '../middleware/authenticate.ts'
import { cache } from '../middleware/headers.ts'
import { jsonBody, limitBody, parseBody } from '../middleware/json-body.ts'
import { overLimits } from '../over-limits.ts'
import { problemResponses } from '../problem.ts'
import { problemResponse } from '../problem-response.ts'
import { pageQuery, pageSchema } from '../schemas/common.ts'
import { bindingSchema } from '../schemas/ledger.ts'
import { manifestDocumentSchema } from '../schemas/run.ts'
import { submissionSchema } from '../schemas/submission.ts'
import { verdictDetailSchema, verdictSchema } from '../schemas/verdict.ts'
import { mayRaise, senderStanding } from '../sender-standing.ts'
import { submissionAnswer } from '../submission-answer.ts'
import { verdictAnswer } from '../verdict-answer.ts'

const tags = ['verdicts']
const security = [{ token: [] }]
const runParams = z.object({ id: z.string().regex(idPatterns.run, 'Expected run_ and 20 hex digits') })
const params = z.object({
  id: z.string().regex(idPatterns.verdict, 'Expected verdict_ and 20 hex digits'),
})
const answered = {
  description: 'The verdict.',
  content: { 'application/json': { schema: verdictSchema } },
}

/** A tier that somebody can ask for, and the check that earns it. */
const checkOfTier = { 're-evaluated': 're-evaluation', retrained: 'retraining' } as const

const list = createRoute({
  method: 'get',
  path: '/runs/{id}/verdicts',
  operationId: 'listRunVerdicts',
  tags,
  summary: 'How checks of a run ended, newest first',
  request: { params: runParams, query: pageQuery },
  responses: {
    200: {
      description: 'A page of them.',
      content: { 'application/json': { schema: pageSchema(verdictSchema) } },
    },
    ...problemResponses(400, 404, 503),
  },
})

const one = createRoute({
  method: 'get',
  path: '/verdicts/{id}',
  operationId: 'getVerdict',
  tags,
  summary: 'A verdict, with the manifest of the repeated training',
  request: { params },
  responses: {
    200: { ...answered, content: { 'application/json': { schema: verdictDetailSchema } } },
    ...problemResponses(400, 404, 503),
  },
})

function checkRoute(deps: ApiDependencies) {
  return createRoute({
    method: 'post',
    path: '/runs/{id}/checks',
    operationId: 'requestCheck',
    tags,
    summary: 'Ask for a published run to be checked',
    security,
    middleware: [authenticate(deps, 'submit')] as const,
    request: {
      params: runParams,
      query: z.object({
        tier: z.enum(['re-evaluated', 'retrained']).meta({
          description:
            'The tier to be earned: a worker runs the published weights on every image, or trains the spec again after that.',
        }),
      }),
    },
    responses: {
      200: {
        description: 'The same check is under way: this is its submission.',
        content: { 'application/json': { schema: submissionSchema } },
      },
      201: {
        description: 'Accepted: it waits for approval, as every submission.',
        content: { 'application/json': { schema: submissionSchema } },
      },
      ...problemResponses(400, 401, 403, 404, 409, 422, 429, 503),
    },
  })
}

function sendRoute(deps: ApiDependencies) {
  return createRoute({
    method: 'post',
    path: '/runs/{id}/verdicts',
    operationId: 'sendVerdict',
    tags,
    summary: 'Send a repeated training of a run',
    security,
    middleware: [authenticate(deps, 'submit'), limitBody(deps.limits.bodyBytes), jsonBody] as const,
    request: {
      params: runParams,
      body: {
        required: true,
        description:
          'Manifests of the repeated trainings, that of the run’s own seed first, and the verdict on them as the sender’s key signed it. The verdict is what the site makes of the manifests; one that was signed otherwise is refused.',
        content: {
          'application/json': {
            schema: z.object({
              manifests: z.array(manifestDocumentSchema).min(1).max(mostManifests),
              envelope: envelopeSchema.optional(),
              binding: bindingSchema.optional(),
            }),
          },
        },
      },
    },
    responses: {
      200: { ...answered, description: 'The same training was sent before; this is its verdict.' },
      201: answered,
      ...problemResponses(400, 401, 403, 404, 413, 415, 422, 429, 503),
    },
  })
}

const noteSchema = z
  .string()
  .min(1)
  .max(500)
  .superRefine((text, context) => {
    const fault = textFault(text)
    if (fault !== undefined) context.addIssue({ code: 'custom', message: `The text ${fault}.` })
  })

function ruleRoute(deps: ApiDependencies) {
  return createRoute({
    method: 'post',
    path: '/verdicts/{id}/rule',
    operationId: 'ruleOnVerdict',
    tags,
    summary: 'Rule on a verdict that removed a rank',
    security,
    middleware: [authenticate(deps, 'approve')] as const,
    request: {
      params,
      query: z.object({
        ruling: z
          .enum(rulings)
          .meta({ description: 'dismissed restores the rank; upheld leaves the run without one.' }),
        note: noteSchema.meta({ description: 'Why, for everybody to read.' }),
      }),
    },
    responses: { 200: answered, ...problemResponses(400, 401, 403, 404, 409, 429, 503) },
  })
}

/** Checks of published runs: asked for and sent with a token, read by anybody. */
export function verdictRoutes(deps: ApiDependencies): ApiApp {
  const { launcher, limits } = deps
  const app = newApiApp()
  app.openapi(list, async (c) => {
    c.header('cache-control', cache.never)
    const db = await deps.db()
    const run = await foundRun(db, c.req.valid('param').id)
    const { rows, next } = await pageVerdicts(db, run.id, c.req.valid('query'))
    return c.json({ data: rows.map(verdictAnswer), next }, 200)
  })
  app.openapi(one, async (c) => {
    c.header('cache-control', cache.never)
    const { id } = c.req.valid('param')
    const verdict = await findVerdict(await deps.db(), id)
    if (!verdict) throw new BenchError({ code: 'not-found', message: `There is no verdict ${id}.` })
    const { manifest, envelope } = verdict
    return c.json({ ...verdictAnswer(verdict), manifest, envelope }, 200)
  })
  app.openapi(checkRoute(deps), async (c) => {
    const db = await deps.db()
    const run = await foundRun(db, c.req.valid('param').id)
    refuseSynthetic(run)
    const check: CheckKind = checkOfTier[c.req.valid('query').tier]
    const spec = parseSpec(run.manifest.spec, `the spec of ${run.id}`)
    const { macs, trainingBytes } = checkCosts(check, spec, run.seed)
    const over = overLimits(limits, macs, trainingBytes)
    if (over) return over as never
    const { token } = c.var
    const asked = await db.transaction((tx) =>
      requestCheck(tx, {
        ...{ check, runId: run.id, spec, specDigest: run.specDigest, totalMacs: macs },
        ...{ tokenId: token.id, submitter: token.owner },
      }),
    )
    const { id } = asked.submission
    c.header('location', `/api/v1/submissions/${id}`)
    return c.json(await submissionAnswer(db, launcher, id), asked.isNew ? 201 : 200)
  })
  app.openapi(sendRoute(deps), async (c) => {
    const db = await deps.db()
    const run = await foundRun(db, c.req.valid('param').id)
    refuseSynthetic(run)
    const row = await findTableRow(db, run.entryId)
    const entry = (row?.aggregate.exits ?? []).map(({ top1 }) => top1)
    const sent = sentOf(parseBody(c.var.body))
    const { manifests, ...judged } = judgeSent(run, sent.manifests, entry)
    const check = 'retraining' as const
    const envelope = sent.envelope ?? null
    const { manifestDigest } = run.manifest
    const checked = { runId: run.id, manifestDigest, check } as const
    const statement = verdictStatement({ ...checked, verdict: judged.verdict, manifests })
    const key = envelope && (await verifyVerdictSignature(envelope, statement))
    const refused = await bindSender(c, deps, db, { key, binding: sent.binding })
    if (refused) return refused as never
    const digest = judged.manifest?.manifestDigest ?? ''
    const before = await findVerdictOf(db, run.id, digest)
    if (before) return c.json(verdictAnswer(before), 200)
    const now = deps.clock()
    const standing = await senderStanding(db, run.id, { token: c.var.token, key, manifests, now })
    const checker = c.var.token.owner
    const { reached, written } = await db.transaction(async (tx) => {
      const reached = standing === 'site' ? undefined : await sentLimitReached(tx, { runId: run.id, checker })
      if (reached) return { reached }
      const written = await recordVerdict(tx, {
        ...judged,
        ...{ runId: run.id, check, checker, key, envelope, standing },
        // A stranger's word can raise a run, not bring it down: that is for the site's own workers.
        effect: judged.verdict !== 'inconsistent' && mayRaise(standing) ? 'raises' : 'none',
        thirdParty: standing === 'third-party',
        worker: null,
        submissionId: null,
      })
      for (const manifest of manifests) await recordSent(tx, manifest, { key, now })
      return { written }
    })
    if (written) return c.json(verdictAnswer(written), 201)
    // Somebody has sent the same meanwhile.
    const same = await findVerdictOf(db, run.id, digest)
    if (same) return c.json(verdictAnswer(same), 200)
    return sentTooMany(reached ?? 'run') as never
  })
  app.openapi(ruleRoute(deps), async (c) => {
    const { id } = c.req.valid('param')
    const { ruling, note } = c.req.valid('query')
    const verdict = await ruleOnVerdict(await deps.db(), { id, ruling, note, actor: c.var.token.owner })
    return c.json(verdictAnswer(verdict), 200)
  })
  return app
}

async function foundRun(db: Db, id: string): Promise<RunDetail> {
  const run = await findRun(db, id)
  if (run) return run
  throw new BenchError({ code: 'not-found', message: `There is no run ${id}.` })
}

function sentTooMany(reached: 'run' | 'day'): Response {
  return problemResponse({
    code: 'rate-limited',
    detail:
      reached === 'run'
        ? `You have sent ${mostSentPerRun} trainings of this run, and more are not taken.`
        : `You have sent ${mostSentPerDay} trainings within 24 hours, and more are not taken.`,
    hint: reached === 'run' ? 'Train another run again.' : 'Send it tomorrow.',
  })
}

function refuseSynthetic({ id, synthetic }: RunDetail): void {
  if (!synthetic) return
  throw new BenchError({
    code: 'conflict',
    message: `The run ${id} was made up for a load test: there is nothing to check.`,
  })
}

function sentOf(body: unknown): {
  manifests: readonly unknown[]
  envelope?: Envelope | undefined
  binding?: Envelope | undefined
} {
  const schema = z.object({
    manifests: z.array(z.unknown()).min(1).max(mostManifests),
    envelope: envelopeSchema.optional(),
    binding: envelopeSchema.optional(),
  })
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new BenchError({
    code: 'bad-input',
    message: `The body must be {"manifests": [...]} with 1 to ${mostManifests} manifests, and "envelope" where it is signed.`,
    path: 'manifests',
  })
}
