import type { LedgerEvent } from '@mate-bench/schema'
import type { RecordedEvent } from '@mate-bench/store'
import { dateTime } from '../../view/numbers.ts'
import { NeedsReact } from '../needs-react.tsx'
import { LedgerCheck } from './ledger-check.tsx'

interface RunLedgerProps {
  readonly runId: string
  readonly events: readonly RecordedEvent[]
  /** Who signed the run. */
  readonly signer: string | undefined
}

/** Who answers for a run, what the ledger has of it, and whether that holds. */
export function RunLedger({ runId, events, signer }: RunLedgerProps) {
  return (
    <div className="card px-4 py-3.5">
      <p>
        {signer === undefined ? (
          'This run is not signed.'
        ) : (
          <>
            Signed by <code className="break-all">{signer}</code>{' '}
            <a className="link" href={`/runs/${runId}/files/signature.json`}>
              signature.json
            </a>
          </>
        )}
      </p>
      {events.length === 0 ? (
        <p className="mt-1">
          The ledger has no record of this run, which was published before the ledger existed.
        </p>
      ) : (
        <ol className="mt-2 space-y-1">
          {events.map(({ index, event }) => (
            <li key={index} className="flex flex-wrap items-baseline gap-x-3">
              <span className="text-soft tabular-nums">event {index}</span>
              <time dateTime={event.at} className="text-soft tabular-nums">
                {dateTime(event.at)}
              </time>
              <span>{eventText(event)}</span>
            </li>
          ))}
        </ol>
      )}
      {events.length > 0 ? (
        <div className="mt-3">
          <NeedsReact />
          <LedgerCheck runId={runId} isSigned={signer !== undefined} />
        </div>
      ) : null}
    </div>
  )
}

function eventText(event: LedgerEvent): string {
  switch (event.kind) {
    case 'started':
      return event.registered === 'before-training'
        ? 'started: registered before training'
        : 'started: not registered before training'
    case 'finished':
      return 'finished and published'
    default:
      return `${event.kind}: ${event.reason}`
  }
}
