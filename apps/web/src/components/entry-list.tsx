import type { EntrySummary } from '@mate-bench/store'
import { plural } from '../view/numbers.ts'

/** Entries as a plain list, newest first. */
export function EntryList({ entries }: { entries: readonly EntrySummary[] }) {
  return (
    <ul className="card divide-y divide-line">
      {entries.map(({ id, name, method, backbone, dataset, runs, synthetic, publishedAt }) => (
        <li key={id} className="flex flex-wrap items-baseline gap-x-4 px-4 py-2">
          <a className="link font-medium" href={`/entries/${id}`}>
            {name}
          </a>
          <span className="text-soft">
            {method} on {backbone}, {dataset}, {plural(runs, 'run')}
          </span>
          {synthetic ? <span className="tag">synthetic</span> : null}
          <span className="ml-auto text-[0.9rem] text-soft tabular-nums">
            {publishedAt.toISOString().slice(0, 10)}
          </span>
        </li>
      ))}
    </ul>
  )
}
