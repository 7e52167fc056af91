import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError } from '@mate-bench/schema'
import { exits } from '@mate-bench/worker'
import { duration } from '@mate-bench/worker/numbers'
import type { ApiClient, RemoteSubmission } from './api-client.ts'

const finalStates = ['finished', 'failed', 'rejected', 'cancelled']
/** How often the site is asked: as often as a worker writes. */
const pauseMilliseconds = 3000
/** How long a site may be away before watching is given up. */
const patienceMilliseconds = 120_000

/** Says every change of state and every new bit of progress, until nothing more comes. */
export async function watchSubmission(
  client: Pick<ApiClient, 'get'>,
  begun: RemoteSubmission,
  say: (line: string) => void,
  pause = pauseMilliseconds,
): Promise<RemoteSubmission> {
  let seen = 0
  let progressSaid = ''
  let answeredAt = performance.now()
  for (let submission = begun; ; ) {
    for (const { toState, actor, note } of submission.history.slice(seen)) {
      say(`  ${toState} by ${actor}${note === null ? '' : `: ${note}`}`)
    }
    seen = submission.history.length
    const line = progressLine(submission)
    if (line !== progressSaid && line !== '') say(line)
    progressSaid = line
    if (finalStates.includes(submission.state)) {
      for (const id of submission.runIds) say(`  run ${id}`)
      return submission
    }
    await sleep(pause)
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

function progressLine({ state, position, progress }: RemoteSubmission): string {
  if (state === 'queued' && position !== null) return `  ${position} before it`
  if (state !== 'running' || !progress) return ''
  return progress.runs
    .filter((run) => run.state === 'training' || run.state === 'evaluating')
    .map(({ seed, epoch, epochs, top1, secondsLeft }) => {
      const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`
      return `  seed ${seed}: epoch ${Math.min(epoch + 1, epochs)}/${epochs}, top-1 ${exits(top1)}${left}`
    })
    .join('\n')
}
