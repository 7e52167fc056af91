import type { Reporter } from './reporter.ts'

/** One JSON object a line, each with the run's label. */
export function createJsonReporter(write: (line: string) => void): Reporter {
  const send = (row: object) => write(JSON.stringify(row))
  return {
    skipped: (label, folder) => send({ run: label, type: 'complete-already', folder }),
    begun: (label) => send({ run: label, type: 'begun' }),
    event: (label, event) => send({ run: label, ...event }),
    result({ job, folder, alreadyComplete, error }) {
      if (!error) return send({ run: job.label, type: 'done', folder, alreadyComplete })
      const { code, message, path, hint } = error
      send({ run: job.label, type: 'failed', error: { code, message, path, hint } })
    },
    stopping: () => send({ type: 'stopping' }),
    close: () => {},
  }
}
