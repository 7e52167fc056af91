import { setTimeout as sleep } from 'node:timers/promises'
import { pauseBeforeAskingAgain } from '@mate-bench/datasets'
import { BenchError, submissionProgressSchema } from '@mate-bench/schema'
import { z } from 'zod'
import { boundedText } from '../reproduce/fetch-json.ts'
import { siteAddress } from '../site/site-address.ts'
import { notOurSite, refusal, unreachable } from '../site/site-problem.ts'

/** What the command reads of a submission. */
export const submissionSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  position: z.int().nullable(),
  progress: submissionProgressSchema.nullable(),
  failure: z.string().nullable(),
  runIds: z.array(z.string()),
  /** Sites of an earlier version do not say. */
  sameSpec: z.array(z.looseObject({ id: z.string(), state: z.string() })).default([]),
  history: z.array(
    z.looseObject({ at: z.string(), actor: z.string(), toState: z.string(), note: z.string().nullable() }),
  ),
})

export type RemoteSubmission = z.output<typeof submissionSchema>

export interface ApiClient {
  /** Repeated with the same key it is one submission. */
  submit(specText: string, idempotencyKey: string): Promise<RemoteSubmission>
  approve(id: string): Promise<RemoteSubmission>
  get(id: string): Promise<RemoteSubmission>
  /** Whether runs of a spec with these seeds are published, or asked for by a submission that is still open. */
  isKnown(specDigest: string, seeds: readonly number[]): Promise<boolean>
  /** Page of a submission for people. */
  pageOf(id: string): string
  /** Page of a run for people. */
  pageOfRun(id: string): string
}

const runsSchema = z.looseObject({ data: z.array(z.looseObject({ seed: z.number() })) })
const submissionsSchema = z.looseObject({ data: z.array(z.looseObject({ state: z.string() })) })
const openStates = ['submitted', 'approved', 'queued', 'running']

/** How long an answer may take. */
const patienceMilliseconds = 30_000

/** What would be done twice where only the answer was lost is asked for once. */
function timesAsked(method: string, { headers }: RequestInit): number {
  return method === 'GET' || (headers && 'idempotency-key' in headers) ? 3 : 1
}

/** Sends one request with the token and reads the answer in the form that is expected of it. */
export type ApiRequest = <S extends z.ZodType>(
  method: string,
  path: string,
  schema: S,
  init?: RequestInit,
  afterwards?: string,
) => Promise<z.output<S>>

/**
 * Requests to a site's API with a token.
 * @throws BenchError `bad-input` for a URL that is none, or plain HTTP to another machine: it would show the token
 */
export function createApiRequest(url: string, token: string): ApiRequest {
  const base = siteAddress(url, 'A token is not sent over plain HTTP to another machine.')
  return async (method, path, schema, init = {}, afterwards = '') => {
    const address = new URL(`api/v1/${path}`, base)
    const once = (): RequestInit => ({
      ...init,
      method,
      headers: { ...init.headers, authorization: `Bearer ${token}` },
      // A redirect elsewhere would carry the token along.
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMilliseconds),
    })
    const { response, text } = await answerOf(address, once, timesAsked(method, init)).catch(
      (thrown: unknown) => {
        throw thrown instanceof BenchError ? thrown : unreachable(base, thrown, afterwards)
      },
    )
    if (!response.ok) throw refusal(response.status, text)
    try {
      return schema.parse(JSON.parse(text))
    } catch (thrown) {
      throw notOurSite(base, thrown)
    }
  }
}

/**
 * The token of a command: that of its option, else of the environment.
 * @throws BenchError `bad-input` where there is none
 */
export function requireToken(token: string | undefined): string {
  if (token !== undefined && token !== '') return token
  throw new BenchError({
    code: 'bad-input',
    message: 'A token is missing.',
    path: 'MATE_BENCH_TOKEN',
    hint: 'Set MATE_BENCH_TOKEN, or give --token. Whoever runs the site makes one with `mate-bench token create`.',
  })
}

/**
 * The part of the API that submitting needs.
 * @throws BenchError `bad-input` for a URL that is none, or plain HTTP to another machine: it would show the token
 */
export function createApiClient(url: string, token: string): ApiClient {
  const base = siteAddress(url, 'A token is not sent over plain HTTP to another machine.')
  const pageAt = (path: string) => new URL(path, base).href
  const ask = createApiRequest(url, token)
  const request = (method: string, path: string, init?: RequestInit, afterwards?: string) =>
    ask(method, path, submissionSchema, init, afterwards)
  return {
    async isKnown(specDigest, seeds) {
      const query = `spec=${encodeURIComponent(specDigest)}&limit=100`
      const { data: runs } = await ask('GET', `runs?${query}`, runsSchema)
      if (seeds.every((seed) => runs.some((run) => run.seed === seed))) return true
      const { data: asked } = await ask('GET', `submissions?${query}`, submissionsSchema)
      return asked.some(({ state }) => openStates.includes(state))
    },
    submit: (specText, idempotencyKey) =>
      request(
        'POST',
        'submissions',
        {
          body: specText,
          headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
        },
        ` Before you submit again, look at ${pageAt('queue')}: it may have arrived all the same.`,
      ),
    approve: (id) => request('POST', `submissions/${encodeURIComponent(id)}/approve`),
    get: (id) => request('GET', `submissions/${encodeURIComponent(id)}`),
    pageOf: (id) => pageAt(`submissions/${encodeURIComponent(id)}`),
    pageOfRun: (id) => pageAt(`runs/${encodeURIComponent(id)}`),
  }
}

/** An answer counts when all of it has arrived and it is not "busy". */
async function answerOf(
  address: URL,
  init: () => RequestInit,
  most: number,
): Promise<{ response: Response; text: string }> {
  for (let asked = 1; ; asked++) {
    const response = await fetch(address, init())
    const text = await boundedText(response, address)
    const pause = pauseBeforeAskingAgain(response, asked, most)
    if (pause === undefined) return { response, text }
    await sleep(pause)
  }
}
