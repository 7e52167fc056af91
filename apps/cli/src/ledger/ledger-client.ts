import { setTimeout as sleep } from 'node:timers/promises'
import { pauseBeforeAskingAgain } from '@mate-bench/datasets'
import { type SigningKey, signBinding } from '@mate-bench/harness/signing'
import { registrationSchema, type StartFile } from '@mate-bench/harness/start-record'
import { BenchError, envelopeSchema, ledgerEventSchema, treeHeadSchema } from '@mate-bench/schema'
import { z } from 'zod'
import { boundedText } from '../reproduce/fetch-json.ts'
import { siteAddress } from '../site/site-address.ts'
import { notOurSite, refusal, unreachable } from '../site/site-problem.ts'

const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/)
const headAnswer = z.object({ head: treeHeadSchema, envelope: envelopeSchema.nullable() })
const eventAnswer = z.object({
  index: z.int(),
  event: ledgerEventSchema,
  evidence: envelopeSchema.nullable(),
})
const eventsAnswer = z.object({ data: z.array(eventAnswer), next: z.string().nullable() })
const pathAnswer = z.object({ path: z.array(hash) })
const runAnswer = headAnswer.extend({
  events: z.array(z.object({ index: z.int(), event: ledgerEventSchema, path: z.array(hash) })),
})

export type LedgerClient = ReturnType<typeof createLedgerClient>

const patienceMilliseconds = 30_000
const times = 3

/**
 * The part of a site's API that is its ledger. Every answer is parsed, and believed no further than its proofs go.
 *
 * @param token for what writes
 * @throws BenchError `bad-input` for a URL that is none, or plain HTTP to another machine
 */
export function createLedgerClient(url: string, token?: string) {
  const base = siteAddress(url, 'A ledger on another machine is not read over plain HTTP.')
  const ask = async <T>(schema: z.ZodType<T>, path: string, body?: unknown): Promise<T> => {
    const address = new URL(`api/v1/ledger/${path}`, base)
    const { response, text } = await answerOf(address, () => requestOf(token, body)).catch(
      (thrown: unknown) => {
        throw thrown instanceof BenchError ? thrown : unreachable(base, thrown)
      },
    )
    if (!response.ok) throw refusal(response.status, text)
    try {
      return schema.parse(JSON.parse(text))
    } catch (thrown) {
      throw notOurSite(base, thrown)
    }
  }
  return {
    site: base.href,
    head: () => ask(headAnswer, 'head'),
    consistency: async (first: number, second: number) =>
      (await ask(pathAnswer, `consistency?first=${first}&second=${second}`)).path,
    /** From `from` on, a page at a time. */
    async *events(filter: Readonly<Record<string, string>> = {}) {
      for (let cursor: string | undefined; ; ) {
        const query = new URLSearchParams({ ...filter, limit: '200', ...(cursor ? { cursor } : {}) })
        const page: z.output<typeof eventsAnswer> = await ask(eventsAnswer, `events?${query}`)
        yield* page.data
        if (page.next === null) return
        cursor = page.next
      }
    },
    run: (runId: string) => ask(runAnswer, `runs/${encodeURIComponent(runId)}`),
    /**
     * Repeated, it is one start.
     * @param key for a signed one: binds the token to it, where it is not bound yet
     */
    start: (start: StartFile, key?: SigningKey) => {
      const isSigned = 'envelope' in start && key !== undefined && token !== undefined
      const binding = isSigned ? signBinding(key, { token, site: base.host }) : undefined
      return ask(registrationSchema, 'starts', { ...start, binding })
    },
    fail: (runId: string, reason: string) => ask(runAnswer, `runs/${runId}/failure`, { reason }),
    withdraw: (runId: string, reason: string) => ask(runAnswer, `runs/${runId}/withdrawal`, { reason }),
  }
}

function requestOf(token: string | undefined, body: unknown): RequestInit {
  return {
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    // A redirect elsewhere would carry the token along.
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMilliseconds),
  }
}

async function answerOf(
  address: URL,
  init: () => RequestInit,
): Promise<{ response: Response; text: string }> {
  for (let asked = 1; ; asked++) {
    const response = await fetch(address, init())
    const text = await boundedText(response, address)
    const pause = pauseBeforeAskingAgain(response, asked, times)
    if (pause === undefined) return { response, text }
    await sleep(pause)
  }
}
