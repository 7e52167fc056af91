import { findSigningKey, signBinding, signVerdict } from '@mate-bench/harness/signing'
import type { Manifest, VerdictName, VerdictStanding } from '@mate-bench/schema'
import { z } from 'zod'
import { createApiRequest } from '../submit/api-client.ts'
import type { RunAddress } from './run-address.ts'

const verdictSchema = z.looseObject({
  id: z.string(),
  verdict: z.string(),
  effect: z.string(),
  standing: z.string().nullish(),
})

/** Why the site takes it for no third party's. */
const reasons: Readonly<Partial<Record<VerdictStanding | (string & {}), string>>> = {
  site: 'the token is that of somebody who runs the site',
  maker: 'the run is your own, or signed with your key',
  'maker-unknown': 'the site does not know who made the run, so this does not raise its tier',
  unsigned: 'it is not signed (`mate-bench key create` makes a key), so it does not raise the run’s tier',
  unregistered:
    'the training was not registered in the ledger before it began, so this does not raise the run’s tier',
  'run-unsigned': 'nobody signed the published run',
}

/**
 * Sends the manifests of the repeated trainings, from which the site judges for itself, with the verdict that was found here,
 * signed with the user's key where there is one.
 *
 * @returns what the site made of them, for people
 * @throws BenchError for a site that refuses or does not answer
 */
export async function publishVerdict(
  { site, runId }: RunAddress,
  found: {
    /** The run as it was fetched. */
    readonly published: Pick<Manifest, 'manifestDigest'>
    readonly verdict: VerdictName
    readonly manifests: readonly Manifest[]
  },
  token: string,
): Promise<string> {
  const { verdict, manifests } = found
  const { manifestDigest } = found.published
  const key = findSigningKey()
  const envelope = key && signVerdict(key, { runId, manifestDigest, check: 'retraining', verdict, manifests })
  const binding = key && signBinding(key, { token, site: site.host })
  const request = createApiRequest(site.href, token)
  const sent = await request('POST', `runs/${runId}/verdicts`, verdictSchema, {
    body: JSON.stringify({ manifests, envelope, binding }),
    headers: { 'content-type': 'application/json' },
  })
  const page = new URL(`runs/${runId}#verdicts`, site).href
  const reason = reasons[sent.standing ?? '']
  const note = reason === undefined ? '' : `\nNot a third party's: ${reason}.`
  return `Published as ${sent.id}: ${sent.verdict}. ${page}${note}`
}
