import { checkTexts, decodeUtf8, parseJson } from '@mate-bench/schema'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import type { ApiEnv } from '../dependencies.ts'
import { problemResponse } from '../problem-response.ts'

/** Refuses bodies that are too large, also where the length is not told beforehand. */
export function limitBody(maximumBytes: number) {
  return bodyLimit({
    maxSize: maximumBytes,
    onError: () =>
      problemResponse({ code: 'too-large', detail: `At most ${maximumBytes} bytes are accepted.` }),
  })
}

/** Takes a JSON body as it came; `c.var.body` holds its bytes, for `parseBody`. */
export const jsonBody = createMiddleware<ApiEnv>(async (c, next) => {
  const mediaType = c.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json') {
    return problemResponse({
      code: 'unsupported-media-type',
      detail: 'The body must be JSON.',
      hint: 'Send Content-Type: application/json.',
    })
  }
  try {
    c.set('body', new Uint8Array(await c.req.arrayBuffer()))
  } catch {
    // Its sender went away, or was too slow for the server.
    return problemResponse({ code: 'bad-input', detail: 'The body did not arrive whole.' })
  }
  await next()
  return undefined
})

/**
 * What a JSON body says, bounded in size and depth, in plain characters.
 * @throws BenchError `bad-input` with path and hint
 */
export function parseBody(body: Uint8Array): unknown {
  const value = parseJson(decodeUtf8(body, 'the body'), 'the body')
  checkTexts(value, 'the body')
  return value
}
