import type { Manifest } from '@mate-bench/schema'
import { z } from 'zod'
import { createApiRequest } from '../submit/api-client.ts'
import type { RunAddress } from './run-address.ts'

const verdictSchema = z.looseObject({ id: z.string(), verdict: z.string(), effect: z.string() })

/**
 * Sends the manifests of the repeated trainings, from which the site judges for itself.
 *
 * @returns what the site made of them, for people
 * @throws BenchError for a site that refuses or does not answer
 */
export async function publishVerdict(
  { site, runId }: RunAddress,
  manifests: readonly Manifest[],
  token: string,
): Promise<string> {
  const request = createApiRequest(site.href, token)
  const sent = await request('POST', `runs/${runId}/verdicts`, verdictSchema, {
    body: JSON.stringify({ manifests }),
    headers: { 'content-type': 'application/json' },
  })
  const page = new URL(`runs/${runId}#verdicts`, site).href
  return `Published as ${sent.id}: ${sent.verdict}. ${page}`
}
