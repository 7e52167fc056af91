import { z } from '@hono/zod-openapi'
import { type BenchError, benchErrorFromUnknown } from '@mate-bench/schema'
import { problemKinds, problemResponse } from './problem-response.ts'

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
