import { BenchError, submissionProgressSchema } from '@mate-bench/schema'
import { z } from 'zod'

/** What the command reads of a submission. */
const submissionSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  position: z.int().nullable(),
  progress: submissionProgressSchema.nullable(),
  failure: z.string().nullable(),
  runIds: z.array(z.string()),
  history: z.array(
    z.looseObject({ at: z.string(), actor: z.string(), toState: z.string(), note: z.string().nullable() }),
  ),
})

export type RemoteSubmission = z.output<typeof submissionSchema>

const problemSchema = z.looseObject({
  title: z.string(),
  code: z.string().optional(),
  detail: z.string().optional(),
  hint: z.string().optional(),
  problems: z
    .array(z.object({ path: z.string(), message: z.string(), hint: z.string().optional() }))
    .optional(),
})

export interface ApiClient {
  /** Repeated with the same key it is one submission. */
  submit(specText: string, idempotencyKey: string): Promise<RemoteSubmission>
  approve(id: string): Promise<RemoteSubmission>
  get(id: string): Promise<RemoteSubmission>
  /** Page of a submission for people. */
  pageOf(id: string): string
}

/** How long an answer may take. */
const patienceMilliseconds = 30_000

/**
 * The part of the API that submitting needs.
 * @throws BenchError `bad-input` for a URL that is none, or plain HTTP to another machine: it would show the token
 */
export function createApiClient(url: string, token: string): ApiClient {
  const base = baseUrl(url)
  const request = async (method: string, path: string, init: RequestInit = {}) => {
    const address = new URL(`api/v1/${path}`, base)
    const response = await fetch(address, {
      ...init,
      method,
      headers: { ...init.headers, authorization: `Bearer ${token}` },
      // A redirect elsewhere would carry the token along.
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMilliseconds),
    }).catch((thrown: unknown) => {
      throw unreachable(base, thrown)
    })
    const text = await response.text()
    if (!response.ok) throw refusal(response.status, text)
    return submissionSchema.parse(JSON.parse(text))
  }
  return {
    submit: (specText, idempotencyKey) =>
      request('POST', 'submissions', {
        body: specText,
        headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      }),
    approve: (id) => request('POST', `submissions/${encodeURIComponent(id)}/approve`),
    get: (id) => request('GET', `submissions/${encodeURIComponent(id)}`),
    pageOf: (id) => new URL(`submissions/${encodeURIComponent(id)}`, base).href,
  }
}

function baseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url.endsWith('/') ? url : `${url}/`) : undefined
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new BenchError({
      code: 'bad-input',
      message: `${url} is no address of a site.`,
      path: '--url',
      hint: 'Write it in full, such as https://bench.example.org.',
    })
  }
  const here = ['localhost', '127.0.0.1', '[::1]'].includes(parsed.hostname)
  if (parsed.protocol === 'http:' && !here) {
    throw new BenchError({
      code: 'bad-input',
      message: 'A token is not sent over plain HTTP to another machine.',
      path: '--url',
      hint: `Use https://${parsed.host}.`,
    })
  }
  return parsed
}

function unreachable(base: URL, thrown: unknown): BenchError {
  return new BenchError({
    code: 'offline',
    message: `${base.host} does not answer.`,
    path: base.href,
    hint: 'Check the address and that the site runs. Submitting again is safe.',
    cause: thrown,
  })
}

/** The site's problem details, as an error of ours. */
function refusal(status: number, text: string): BenchError {
  const parsed = problemSchema.safeParse(fromJson(text))
  if (!parsed.success) {
    return new BenchError({
      code: 'internal',
      message: `The site answered ${status} without saying why.`,
      hint: 'Check that --url is a MATE Bench site.',
    })
  }
  const { title, detail, hint, problems } = parsed.data
  const code =
    status === 404 ? 'not-found' : status === 409 ? 'conflict' : status >= 500 ? 'offline' : 'bad-input'
  return new BenchError({
    code: parsed.data.code === 'bad-spec' ? 'bad-spec' : code,
    message: detail === undefined ? `${title}.` : `${title}: ${detail}`,
    hint,
    problems,
  })
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
