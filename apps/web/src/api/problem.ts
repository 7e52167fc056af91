import { z } from '@hono/zod-openapi'
import { type BenchError, benchErrorFromUnknown, type ErrorCode, type Problem } from '@mate-bench/schema'

/** RFC 9457. `code` and `problems` are extensions of ours. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'What kind of problem: a place in the documentation.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional().meta({ description: 'What was wrong this time.' }),
    code: z.string().meta({ description: 'The kind of problem as one word.' }),
    hint: z.string().optional().meta({ description: 'What to do.' }),
    problems: z
      .array(z.object({ path: z.string(), message: z.string(), hint: z.string().optional() }))
      .optional()
      .meta({ description: 'Everything that is wrong, where a document has several faults.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' })

export type ProblemDetails = z.output<typeof problemSchema>

/** Kinds that only HTTP knows, beside the codes of `BenchError`. */
type HttpCode =
  | 'unauthorized'
  | 'forbidden'
  | 'method-not-allowed'
  | 'too-large'
  | 'unsupported-media-type'
  | 'rate-limited'
  | 'over-limit'

/** Status and title of every kind of problem; the API reference has a row for each. */
export const problemKinds: Readonly<Record<ErrorCode | HttpCode, readonly [status: number, title: string]>> =
  {
    'bad-input': [400, 'Bad request'],
    unauthorized: [401, 'A valid token is needed'],
    forbidden: [403, 'The token may not do this'],
    'not-found': [404, 'Not found'],
    'method-not-allowed': [405, 'Method not allowed'],
    conflict: [409, 'Conflict'],
    'too-large': [413, 'The body is too large'],
    'unsupported-media-type': [415, 'Unsupported media type'],
    'bad-spec': [422, 'The spec has problems'],
    'over-limit': [422, 'More than one submission may ask for'],
    'verification-failed': [422, 'It does not verify'],
    'rate-limited': [429, 'Too many requests'],
    storage: [503, 'The database or the stored files can not be reached'],
    offline: [503, 'A service can not be reached'],
    interrupted: [503, 'The server is stopping'],
    'checksum-mismatch': [500, 'A stored file is damaged'],
    'data-missing': [500, 'A stored file is missing'],
    'backend-unavailable': [500, 'Internal error'],
    'non-finite': [500, 'Internal error'],
    internal: [500, 'Internal error'],
  }

export interface ProblemOptions {
  readonly code: ErrorCode | HttpCode
  readonly detail?: string | undefined
  readonly hint?: string | undefined
  readonly problems?: readonly Problem[] | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** An answer that says what went wrong. */
export function problemResponse({ code, detail, hint, problems, headers }: ProblemOptions): Response {
  const [status, title] = problemKinds[code]
  const body: ProblemDetails = {
    type: `/docs/api#${code}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    code,
    ...(hint === undefined ? {} : { hint }),
    ...(problems === undefined || problems.length === 0
      ? {}
      : {
          problems: problems.map(({ path, message, hint: todo }) => ({
            path,
            message,
            ...(todo === undefined ? {} : { hint: todo }),
          })),
        }),
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  })
}

/**
 * Whatever was thrown, as an answer. What is our own fault is told without particulars: messages may name files and
 * hosts of the server.
 */
export function problemFromUnknown(thrown: unknown): Response {
  const error = benchErrorFromUnknown(thrown)
  const { code, message, path, problems } = error
  const [status] = problemKinds[code]
  if (status >= 500) {
    return problemResponse({ code, headers: status === 503 ? { 'retry-after': '10' } : {} })
  }
  const places = problems.length === 0 && path !== undefined ? [{ path, message }] : problems
  return problemResponse({ code, detail: message, hint: error.hint, problems: places })
}

/** True for what somebody who runs the server should hear of. */
export function isServerFault(error: BenchError): boolean {
  return problemKinds[error.code][0] >= 500
}

const content = { 'application/problem+json': { schema: problemSchema } }

/** For route definitions: which problems a route may answer with. */
export function problemResponses<const Status extends number>(
  ...statuses: readonly Status[]
): Record<Status, { description: string; content: typeof content }> {
  // Of several kinds with one status the first is the usual one.
  const titles = new Map([...Object.values(problemKinds)].reverse())
  const entries = statuses.map((status) => [
    status,
    { description: titles.get(status) ?? 'Problem', content },
  ])
  return Object.fromEntries(entries)
}
