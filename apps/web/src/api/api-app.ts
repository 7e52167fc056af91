import { OpenAPIHono } from '@hono/zod-openapi'
import { formatPath } from '@mate-bench/schema'
import type { ApiEnv } from './dependencies.ts'
import { problemResponse } from './problem-response.ts'

export type ApiApp = OpenAPIHono<ApiEnv>

/** An empty part of the API, which says what is wrong with a path or query as problem details. */
export function newApiApp(): ApiApp {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return undefined
      return problemResponse({
        code: 'bad-input',
        detail: `The ${result.target === 'param' ? 'path' : result.target} has problems.`,
        problems: result.error.issues.map(({ path, message }) => ({ path: formatPath(path), message })),
      })
    },
  })
}
