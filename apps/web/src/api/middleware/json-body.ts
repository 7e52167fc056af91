import { parseJson } from '@mate-bench/schema'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import type { ApiEnv } from '../dependencies.ts'
import { problemResponse } from '../problem.ts'

/** Refuses bodies that are too large, also where the length is not told beforehand. */
export function limitBody(maximumBytes: number) {
  return bodyLimit({
    maxSize: maximumBytes,
    onError: () =>
      problemResponse({ code: 'too-large', detail: `At most ${maximumBytes} bytes are accepted.` }),
  })
}

/** An odd number of backslashes before it; JSON has no other way to write one. */
const escapedNul = /(?<!\\)(?:\\\\)*\\u0000/

/** Reads a JSON body, bounded in size and depth; `c.var.body` holds it. */
export const jsonBody = createMiddleware<ApiEnv>(async (c, next) => {
  const mediaType = c.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json') {
    return problemResponse({
      code: 'unsupported-media-type',
      detail: 'The body must be JSON.',
      hint: 'Send Content-Type: application/json.',
    })
  }
  const text = await c.req.text()
  const value = parseJson(text, 'the body')
  if (escapedNul.test(text)) {
    return problemResponse({ code: 'bad-input', detail: 'The body holds a NUL character.' })
  }
  c.set('body', { value, text })
  await next()
  return undefined
})
