import { dateTime } from '../../view/numbers.ts'
import type { PublicEvent } from '../../view/public-history.ts'

/** What happened to the runs of a page, oldest first. */
export function History({ events }: { events: readonly PublicEvent[] }) {
  return (
    <ol className="card divide-y divide-line">
      {events.map(({ at, what, subject, href, note }) => (
        <li key={`${at} ${what} ${href}`} className="flex flex-wrap items-baseline gap-x-4 px-4 py-1.5">
          <time dateTime={at} className="text-[0.9rem] text-soft tabular-nums">
            {dateTime(at)}
          </time>
          <span>
            <a className="link" href={href}>
              {subject}
            </a>{' '}
            {what} <span className="text-soft">{note}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}
