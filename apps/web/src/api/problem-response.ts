import type { ErrorCode, Problem } from '@mate-bench/schema'

/** Kinds that only HTTP knows, beside the codes of `BenchError`. */
export type HttpCode =
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
    'over-limit': [422, 'Over the limits of one submission'],
    'verification-failed': [422, 'Verification failed'],
    'rate-limited': [429, 'Too many requests'],
    storage: [503, 'The database or the stored files cannot be reached'],
    offline: [503, 'A service cannot be reached'],
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
  const body = {
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
