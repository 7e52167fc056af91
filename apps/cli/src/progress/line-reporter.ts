import { formatEventLine } from '@mate-bench/worker'
import type { Reporter } from './reporter.ts'

/** Plain lines, for logs and pipes. */
export function createLineReporter(write: (line: string) => void): Reporter {
  return {
    skipped: (label, folder) => write(`${label}: complete already, in ${folder}`),
    begun: () => {},
    event(label, event) {
      const line = formatEventLine(label, event)
      if (line !== undefined) write(line)
    },
    result({ job, error }) {
      if (!error) return
      const how = error.code === 'interrupted' ? 'stopped' : 'failed'
      write(`${job.label}: ${how}: ${error.message}`)
    },
    stopping: () => write('Stopping: each run finishes its step and saves. Interrupt again to kill them.'),
    close: () => {},
  }
}
