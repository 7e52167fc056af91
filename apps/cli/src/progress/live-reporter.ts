import type { WriteStream } from 'node:tty'
import { afterEvent, type RunProgress, waitingRun } from '@mate-bench/worker'
import { createLogUpdate } from 'log-update'
import { duration, plural } from '../format/numbers.ts'
import { createPainter } from '../format/paint.ts'
import { formatRunLine } from './progress-text.ts'
import type { Reporter } from './reporter.ts'

const redrawMilliseconds = 100

/** A line a run that is redrawn in place. */
export function createLiveReporter(stream: WriteStream, labels: readonly string[]): Reporter {
  const paint = createPainter(stream)
  const update = createLogUpdate(stream)
  const runs = new Map(labels.map((label) => [label, waitingRun(label)]))
  const width = Math.max(...labels.map((label) => label.length))
  const began = performance.now()
  let isStopping = false
  const change = (label: string, next: (run: RunProgress) => RunProgress) => {
    runs.set(label, next(runs.get(label) ?? waitingRun(label)))
  }
  const draw = () => {
    const lines = visible([...runs.values()], Math.max(4, (stream.rows ?? 24) - 3)).map((run) =>
      formatRunLine(run, width, paint),
    )
    update([...lines, footer([...runs.values()])].join('\n'))
  }
  const footer = (all: readonly RunProgress[]) => {
    if (isStopping)
      return paint('yellow', 'Stopping: each run finishes its step and saves. Ctrl-C again kills.')
    const count = (...states: RunProgress['state'][]) =>
      all.filter(({ state }) => states.includes(state)).length
    const parts = [
      plural(all.length, 'run'),
      `${count('finished', 'complete')} done`,
      `${count('waiting')} waiting`,
      `${duration((performance.now() - began) / 1000)} so far`,
    ]
    return paint('dim', parts.join(', '))
  }
  const timer = setInterval(draw, redrawMilliseconds)
  return {
    skipped: (label) => change(label, (run) => ({ ...run, state: 'complete' })),
    begun: (label) => change(label, (run) => ({ ...run, state: 'starting' })),
    event(label, event) {
      if (event.type === 'warning') {
        // Above the lines that are redrawn, where it stays.
        update.persist(`${paint('yellow', 'warning')} ${label}: ${event.message}`)
      }
      change(label, (run) => afterEvent(run, event, performance.now()))
    },
    result({ job, alreadyComplete, error }) {
      change(job.label, (run) => {
        if (!error) return { ...run, state: alreadyComplete ? 'complete' : 'finished' }
        return { ...run, state: error.code === 'interrupted' ? 'stopped' : 'failed' }
      })
    },
    stopping() {
      isStopping = true
    },
    close() {
      clearInterval(timer)
      isStopping = false
      draw()
      update.done()
    },
  }
}

/** With more runs than lines, those at work come first, then what waits, then what is done. */
function visible(runs: readonly RunProgress[], lines: number): RunProgress[] {
  if (runs.length <= lines) return [...runs]
  const importance = ({ state }: RunProgress) =>
    state === 'training' || state === 'evaluating' || state === 'starting'
      ? 0
      : state === 'failed'
        ? 1
        : state === 'waiting'
          ? 2
          : 3
  return runs
    .map((run, i) => ({ run, i }))
    .sort((a, b) => importance(a.run) - importance(b.run) || a.i - b.i)
    .slice(0, lines)
    .map(({ run }) => run)
}
