import type { RunEvent } from '@mate-bench/harness'
import type { SubmissionProgress, SubmissionRunProgress } from '@mate-bench/schema'
import type { LogLine } from '@mate-bench/store'
import { formatEventLine } from './event-line.ts'
import { afterEvent, type RunProgress, waitingRun } from './run-progress.ts'
import { withoutPaths } from './without-paths.ts'

/** How many lines wait for a database that is away; more than that, the oldest go. */
const mostLines = 1000

/** Collects what the runs of a submission tell, until the worker writes it down. */
export class ProgressBoard {
  readonly #runs: Map<number, RunProgress>
  readonly #publishing = new Map<number, 'publishing' | 'published'>()
  #lines: LogLine[] = []

  constructor(seeds: readonly number[]) {
    this.#runs = new Map(seeds.map((seed) => [seed, waitingRun(`seed ${seed}`)]))
  }

  event(seed: number, event: RunEvent): void {
    const run = this.#runs.get(seed)
    if (!run) return
    this.#runs.set(seed, afterEvent(run, event, performance.now()))
    const line = formatEventLine(run.label, event)
    if (line !== undefined) this.say(line)
  }

  publishing(seed: number, state: 'publishing' | 'published'): void {
    this.#publishing.set(seed, state)
  }

  /** A line for everybody: it shows no folder of this machine. */
  say(line: string): void {
    this.#lines.push({ at: new Date(), line: withoutPaths(line).slice(0, 2000) })
  }

  /** Gives what was said since the last time to `write`, and keeps it for the next time where that fails. */
  async passLines<T>(write: (lines: readonly LogLine[]) => Promise<T>): Promise<T> {
    const lines = this.#lines
    this.#lines = []
    try {
      return await write(lines)
    } catch (thrown) {
      this.#lines = [...lines, ...this.#lines].slice(-mostLines)
      throw thrown
    }
  }

  progress(): SubmissionProgress {
    const runs = [...this.#runs].map(([seed, run]) => runProgress(seed, run, this.#publishing.get(seed)))
    const done = runs.reduce((sum, run) => sum + shareDone(run), 0) / Math.max(1, runs.length)
    return { at: new Date().toISOString(), done, runs }
  }
}

function runProgress(
  seed: number,
  run: RunProgress,
  publishing: 'publishing' | 'published' | undefined,
): SubmissionRunProgress {
  const { epoch, epochs, step, stepsPerEpoch, loss, top1, imagesPerSecond, secondsLeft } = run
  return {
    seed,
    state: publishing ?? stateOf(run),
    epoch,
    epochs,
    step,
    stepsPerEpoch,
    loss: loss ?? null,
    top1: [...top1],
    imagesPerSecond: imagesPerSecond ?? null,
    secondsLeft: secondsLeft ?? null,
  }
}

function stateOf({ state }: RunProgress): SubmissionRunProgress['state'] {
  switch (state) {
    case 'training':
    case 'evaluating':
      return state
    case 'finished':
    case 'complete':
      return 'publishing'
    default:
      return 'waiting'
  }
}

function shareDone({ state, epoch, epochs, step, stepsPerEpoch }: SubmissionRunProgress): number {
  if (state === 'published') return 1
  const steps = epochs * stepsPerEpoch
  return steps === 0 ? 0 : Math.min(1, (epoch * stepsPerEpoch + step) / steps)
}
