import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError } from '@mate-bench/schema'
import { exits } from '@mate-bench/worker'
import { duration } from '../format/numbers.ts'
import { readerHasLeft } from '../reader.ts'
import type { ApiClient, RemoteSubmission } from './api-client.ts'

const finalStates = ['finished', 'failed', 'rejected', 'cancelled']
/** How often the site is asked: as often as a worker writes. */
const pauseMilliseconds = 3000
/** How long a site may be away before watching is given up. */
const patienceMilliseconds = 120_000

/**
 * Says every change of state that follows on what is known, and each epoch that begins, until nothing more comes or nobody reads it.
 * @param begun the submission as it is known already
 */
export async function watchSubmission(
  client: Pick<ApiClient, 'get' | 'pageOfRun'>,
  begun: RemoteSubmission,
  say: (line: string) => void,
  pause = pauseMilliseconds,
): Promise<RemoteSubmission> {
  let seen = begun.history.length
  const said = new Set<string>()
  let answeredAt = performance.now()
  for (let submission = begun; ; ) {
    for (const { toState, actor, note } of submission.history.slice(seen)) {
      const by = actor === 'queue' ? '' : ` by ${actor}`
      say(`  ${toState}${by}${note === null ? '' : `: ${note}`}`)
    }
    // Another worker may begin anew: its epochs are news.
    if (submission.history.length > seen) said.clear()
    seen = submission.history.length
    for (const { place, line } of progressLines(submission)) {
      if (!said.has(place)) say(line)
      said.add(place)
    }
    if (finalStates.includes(submission.state)) {
      for (const id of submission.runIds) say(`  ${client.pageOfRun(id)}`)
      return submission
    }
    await sleep(pause)
    if (readerHasLeft()) return submission
    try {
      submission = await client.get(submission.id)
      answeredAt = performance.now()
    } catch (thrown) {
      // A site that restarts is waited for: the submission goes on without us anyway.
      const away = thrown instanceof BenchError && thrown.code === 'offline'
      if (!away || performance.now() - answeredAt > patienceMilliseconds) throw thrown
    }
  }
}

/** A place in the queue or in the training, and what there is to say of it once. */
interface ProgressLine {
  readonly place: string
  readonly line: string
}

function progressLines({ state, position, progress }: RemoteSubmission): ProgressLine[] {
  if (state === 'queued' && position !== null) {
    const line = position === 0 ? '  next in the queue' : `  ${position} ahead of it in the queue`
    return [{ place: line, line }]
  }
  if (state !== 'running' || !progress) return []
  return progress.runs.flatMap(({ seed, state: doing, epoch, epochs, top1, secondsLeft }) => {
    if (doing === 'evaluating') return [{ place: `${seed} evaluating`, line: `  seed ${seed}: evaluating` }]
    // Before its first step it knows nothing yet.
    if (doing !== 'training' || top1.length === 0) return []
    const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`
    const at = `epoch ${Math.min(epoch + 1, epochs)}/${epochs}`
    return [{ place: `${seed} ${at}`, line: `  seed ${seed}: ${at}, train top-1 ${exits(top1)}${left}` }]
  })
}
