import { dateTime, plural } from '../../view/numbers.ts'
import type { TrackEvent } from '../../view/track-events.ts'

const mostShown = 100

/** What changed a track's table, newest first. */
export function ChangeList({ events }: { events: readonly TrackEvent[] }) {
  if (events.length === 0) return <p className="text-soft">Nothing has happened yet.</p>
  const rest = events.length - mostShown
  return (
    <>
      <ol className="card divide-y divide-line">
        {events.slice(0, mostShown).map(({ id, at, kind, subject, text, href }) => (
          <li key={id} className="flex flex-wrap items-baseline gap-x-4 px-4 py-1.5">
            <time dateTime={at} className="text-[0.9rem] text-soft tabular-nums">
              {kind === 'frontier' ? at.slice(0, 10) : dateTime(at)}
            </time>
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <a className="link" href={href}>
                {subject}
              </a>{' '}
              {text}
            </span>
          </li>
        ))}
      </ol>
      {rest > 0 ? (
        <p className="mt-1.5 text-[0.9rem] text-soft">And {plural(rest, 'older change')}.</p>
      ) : null}
    </>
  )
}
