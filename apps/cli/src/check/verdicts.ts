import type { Ruling } from '@mate-bench/schema'
import { z } from 'zod'
import { createPainter } from '../format/paint.ts'
import { fetchJson } from '../reproduce/fetch-json.ts'
import { runAddress } from '../reproduce/run-address.ts'
import { createApiRequest, requireToken } from '../submit/api-client.ts'
import { remoteVerdictSchema, verdictLine } from './remote-verdict.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)

/** What `verdict list` does. Needs no token. */
export async function sayVerdicts(run: string, options: { url: string; json: boolean }): Promise<void> {
  const { site, runId } = runAddress(run, options.url)
  const listSchema = z.object({ data: z.array(remoteVerdictSchema) })
  const { data } = await fetchJson(new URL(`api/v1/runs/${runId}/verdicts?limit=200`, site), site, listSchema)
  if (options.json) return void say(JSON.stringify({ verdicts: data }, null, 2))
  const paint = createPainter(process.stdout)
  say(
    data.length === 0
      ? 'This run has not been checked.'
      : data.map((verdict) => verdictLine(verdict, paint)).join('\n'),
  )
}

export interface RuleOptions {
  readonly ruling: Ruling
  readonly note: string
  readonly url: string
  readonly token: string | undefined
}

/** What `verdict rule` does. */
export async function ruleOn(id: string, { ruling, note, url, token }: RuleOptions): Promise<void> {
  const request = createApiRequest(url, requireToken(token))
  const query = new URLSearchParams({ ruling, note })
  const path = `verdicts/${encodeURIComponent(id)}/rule?${query}`
  say(verdictLine(await request('POST', path, remoteVerdictSchema), createPainter(process.stdout)))
}
