import * as z from 'zod/mini'

/** RFC 9457, as the API answers. */
const problemSchema = z.looseObject({
  title: z.optional(z.string()),
  detail: z.optional(z.string()),
  hint: z.optional(z.string()),
})

export type ApiOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string }

interface ApiCall<T> {
  readonly path: string
  readonly token: string
  readonly body?: string
  /** Repeated with the same key, the call is made once: an answer that was lost does no harm. */
  readonly idempotencyKey?: string
  readonly answer: z.ZodMiniType<T>
}

/** A POST to the API with a token; failures as sentences. */
export async function postToApi<T>(call: ApiCall<T>): Promise<ApiOutcome<T>> {
  const { path, token, body, idempotencyKey, answer } = call
  try {
    const response = await fetch(`/api/v1${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token.trim()}`,
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    })
    const document: unknown = await response.json()
    if (response.ok) return { ok: true, value: answer.parse(document) }
    const problem = problemSchema.safeParse(document)
    const { detail, title, hint } = problem.success ? problem.data : {}
    return {
      ok: false,
      reason: [detail ?? title ?? `The server answered ${response.status}.`, hint].filter(Boolean).join(' '),
    }
  } catch {
    return { ok: false, reason: 'The server could not be reached. Try again.' }
  }
}
