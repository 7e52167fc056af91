import { type Attempt, type Db, reportTrainingJob } from '@mate-bench/store'
import type { ProgressBoard } from '@mate-bench/worker'

export interface ReportsOptions {
  readonly db: Db
  readonly attempt: Attempt
  readonly board: ProgressBoard
  /** Somebody asked to stop. */
  readonly onCancel: () => void
  /** The job has ended otherwise, or a later attempt has it. */
  readonly onOver: () => void
}

/** How often the database hears of this container, at most. */
const intervalMilliseconds = 3000

/**
 * Tells how far training is and hears whether to go on. A database that is away for a while is waited for: the
 * checkpoints do not need it.
 */
export function startReports({ db, attempt, board, onCancel, onOver }: ReportsOptions): {
  close(): Promise<void>
} {
  let closing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  async function report(): Promise<void> {
    try {
      const progress = board.progress()
      const word = await board.passLines((lines) => reportTrainingJob(db, { ...attempt, progress, lines }))
      if (word === 'cancel') onCancel()
      if (word === 'over') onOver()
    } catch {
      // The next one tells it all again.
    }
  }
  // One after another: lines that could not be told are told before those that came later.
  let running = report()
  function schedule(): void {
    timer = setTimeout(() => {
      running = running.then(report).finally(() => {
        if (!closing) schedule()
      })
    }, intervalMilliseconds)
  }
  schedule()
  async function tellTheRest(): Promise<void> {
    clearTimeout(timer)
    await running
    await report()
  }
  return {
    /** Tells what is left to tell, once, and hears once more whether somebody asked to stop. */
    close() {
      closing ??= tellTheRest()
      return closing
    },
  }
}
