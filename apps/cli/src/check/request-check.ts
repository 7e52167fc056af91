import { z } from 'zod'
import { createPainter } from '../format/paint.ts'
import { printable } from '../format/printable.ts'
import { runAddress } from '../reproduce/run-address.ts'
import { createApiClient, createApiRequest, requireToken, submissionSchema } from '../submit/api-client.ts'
import { watchSubmission } from '../submit/watch-submission.ts'
import { remoteVerdictSchema, verdictLine } from './remote-verdict.ts'

export interface RequestCheckOptions {
  readonly tier: 're-evaluated' | 'retrained'
  readonly url: string
  readonly token: string | undefined
  readonly watch: boolean
  readonly approve: boolean
  readonly json: boolean
}

/**
 * What `check` does. Sets the exit code where a check that it watched did not end well.
 * @throws BenchError for a missing token, a site that refuses or does not answer
 */
export async function requestCheck(run: string, options: RequestCheckOptions): Promise<void> {
  const { tier, watch, approve, json } = options
  const { site, runId } = runAddress(run, options.url)
  const token = requireToken(options.token)
  const [client, request] = [createApiClient(site.href, token), createApiRequest(site.href, token)]
  const paint = createPainter(process.stdout)
  const say = (line: string) => {
    if (!json) process.stdout.write(`${line}\n`)
  }
  const asked = await request('POST', `runs/${runId}/checks?tier=${tier}`, submissionSchema)
  say(`${paint('green', '✓')} asked for as ${paint('bold', asked.id)}, ${asked.state}`)
  say(`  ${paint('dim', client.pageOf(asked.id))}`)
  const isOpen = asked.state === 'submitted'
  let last = approve && isOpen ? await client.approve(asked.id) : asked
  if (watch) last = await watchSubmission(client, last, say)
  else if (isOpen && !approve) say('  It waits for approval; its page shows the progress.')
  if (json) process.stdout.write(`${JSON.stringify(last, null, 2)}\n`)
  if (!watch) return
  const listSchema = z.object({ data: z.array(remoteVerdictSchema) })
  const { data } = await request('GET', `runs/${runId}/verdicts`, listSchema)
  const own = data.filter(({ submissionId }) => submissionId === asked.id)
  for (const verdict of own.reverse()) say(verdictLine(verdict, paint))
  if (last.failure !== null) say(paint('red', `  The check could not be made: ${printable(last.failure)}`))
  if (last.state !== 'finished' || own.some(({ effect }) => effect !== 'raises')) process.exitCode = 1
}
