import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readSpec } from '@mate-bench/harness/read-spec'
import { digestSpec } from '@mate-bench/harness/spec'
import { teacherChain } from '@mate-bench/harness/teachers'
import { BenchError } from '@mate-bench/schema'
import { createPainter } from '../format/paint.ts'
import { type ApiClient, createApiClient, type RemoteSubmission, requireToken } from './api-client.ts'
import { watchSubmission } from './watch-submission.ts'

export interface SubmitOptions {
  readonly url: string
  readonly token: string | undefined
  readonly watch: boolean
  readonly approve: boolean
  readonly json: boolean
}

/**
 * What `submit` does. Sets the exit code when what it watched did not finish well.
 * @throws BenchError for a bad spec, a missing token, a site that refuses or does not answer
 */
export async function submitSpec(path: string, options: SubmitOptions): Promise<void> {
  const { json, watch, approve } = options
  const spec = readSpec(path)
  const token = requireToken(options.token)
  const client = createApiClient(options.url, token)
  const paint = createPainter(process.stdout)
  const say = (line: string) => {
    if (!json) process.stdout.write(`${line}\n`)
  }
  const teachers = teacherChain(spec)
  for (const teacher of teachers) {
    if (await client.isKnown(digestSpec(teacher), spec.seeds)) {
      say(`  ${paint('dim', `its teacher ${teacher.name} is already there`)}`)
      continue
    }
    const { id } = await send(client, JSON.stringify(teacher))
    say(`${paint('green', '✓')} its teacher ${teacher.name} submitted as ${paint('bold', id)}`)
    if (approve) await client.approve(id).catch((thrown: unknown) => Promise.reject(notApproved(thrown)))
  }
  // What names its teachers by paths goes with their specs; the rest as it was written.
  const text = teachers.length > 0 ? JSON.stringify(spec) : readFileSync(path, 'utf8')
  const submitted = await send(client, text)
  say(`${paint('green', '✓')} submitted as ${paint('bold', submitted.id)}`)
  say(`  ${paint('dim', client.pageOf(submitted.id))}`)
  for (const { id, state } of submitted.sameSpec) {
    say(paint('yellow', `  The same spec is there already (${state}): ${client.pageOf(id)}`))
  }
  let last: RemoteSubmission = submitted
  if (approve) {
    last = await client.approve(submitted.id).catch((thrown: unknown) => {
      throw notApproved(thrown)
    })
    const next = last.state === 'approved' ? ': it waits for a worker' : ` and ${last.state}`
    say(`${paint('green', '✓')} approved${next}`)
  }
  if (watch) {
    last = await watchSubmission(client, last, say)
    if (last.state !== 'finished') process.exitCode = 1
  } else if (!approve) {
    say('  It waits for approval; its page shows the progress.')
  }
  if (json) process.stdout.write(`${JSON.stringify(last, null, 2)}\n`)
}

/** One key for all tries: an answer that was lost on the way does not make a second submission. */
async function send(client: ApiClient, text: string): Promise<RemoteSubmission> {
  const key = randomUUID()
  return await withOneRetry(() => client.submit(text, key))
}

function notApproved(thrown: unknown): unknown {
  if (!(thrown instanceof BenchError)) return thrown
  const { code, message, problems } = thrown
  return new BenchError({
    code,
    message,
    problems,
    hint: 'It is submitted and waits for approval: do not submit it again.',
    cause: thrown,
  })
}

async function withOneRetry<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof BenchError && thrown.code === 'offline') return await work()
    throw thrown
  }
}
