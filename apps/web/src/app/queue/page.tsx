import { listSubmissions, placesInQueue, submissionStates } from '@mate-bench/store'
import type { Metadata } from 'next'
import { submissionSummary } from '../../api/submission-answer.ts'
import { DataTable } from '../../components/data-table.tsx'
import { NeedsReact } from '../../components/needs-react.tsx'
import { AutoRefresh } from '../../components/submission/auto-refresh.tsx'
import { ProgressBar } from '../../components/submission/progress-bar.tsx'
import { StateTag } from '../../components/submission/state-tag.tsx'
import { pageOfList } from '../../data/page-of-list.ts'
import { getStore } from '../../data/store.ts'
import type { SearchParams } from '../../view/board-params.ts'
import { dateTime, si } from '../../view/numbers.ts'

export const metadata: Metadata = {
  title: 'Queue',
  description: 'Submitted specs with their state and progress.',
}

export default async function QueuePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const query = await searchParams
  const state = submissionStates.find((candidate) => candidate === query.state)
  const { db } = await getStore()
  const { rows, next } = await pageOfList(query, (cursor) =>
    listSubmissions(db, { limit: 50, cursor, states: state && [state] }),
  )
  const submissions = rows.map(submissionSummary)
  const places = await placesInQueue(
    db,
    rows.map(({ id }) => id),
  )
  return (
    <>
      {/* Places change with submissions that this page does not list. */}
      <NeedsReact />
      <AutoRefresh path="/ready" seconds={10} on="answer" />
      <div className="mb-5 flex flex-wrap items-end justify-between gap-3">
        <div>
          <h1>Queue</h1>
          <p className="mt-1 text-soft">Submitted specs, newest first.</p>
        </div>
        <form method="get" action="/queue" className="flex items-end gap-2">
          <label className="flex flex-col gap-0.5 text-[0.82rem] text-soft">
            State
            <select name="state" defaultValue={state ?? ''} className="field text-[0.95rem] text-ink">
              <option value="">any</option>
              {submissionStates.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" className="button">
            Show
          </button>
        </form>
      </div>
      <noscript>
        <p className="card mb-5 p-4">
          Without JavaScript this page does not update itself. Reload it to see what has changed.
        </p>
      </noscript>
      {submissions.length === 0 ? (
        <div className="card px-5 py-4">
          <p>
            {state ? `No submission is ${state}.` : 'Nothing has been submitted yet.'}{' '}
            <a className="link" href="/submit">
              Submit a spec
            </a>
          </p>
          {state ? null : (
            <p className="mt-1 text-soft">
              Each submission is listed here with its state, from review to publication, and with the progress
              of its training. To submit from a terminal: <code>npx mate-bench submit SPEC</code>.
            </p>
          )}
        </div>
      ) : (
        <div className="card">
          <DataTable
            label="Submissions"
            caption="Submissions, newest first"
            columns={[
              'Spec',
              'State',
              'Progress',
              { number: 'Runs' },
              { number: 'MACs' },
              'Submitted by',
              'Submitted',
            ]}
          >
            {submissions.map((submission) => (
              <tr key={submission.id}>
                <th scope="row">
                  <a className="link" href={`/submissions/${submission.id}`}>
                    {submission.name}
                  </a>
                </th>
                <td>
                  <StateTag state={submission.state} />
                </td>
                <td>
                  {submission.state === 'running' && submission.progress ? (
                    <ProgressBar done={submission.progress.done} label={`Progress of ${submission.name}`} />
                  ) : (
                    placeText(places.get(submission.id))
                  )}
                </td>
                <td className="num">{submission.seeds}</td>
                <td className="num">{si(submission.totalMacs)}</td>
                <td>{submission.submitter}</td>
                <td>{dateTime(submission.createdAt)}</td>
              </tr>
            ))}
          </DataTable>
        </div>
      )}
      {next ? (
        <p className="mt-3">
          <a
            className="link"
            rel="next"
            href={`/queue?${new URLSearchParams({ ...(state ? { state } : {}), cursor: next })}`}
          >
            Older submissions
          </a>
        </p>
      ) : null}
    </>
  )
}

function placeText(before: number | undefined): string {
  if (before === undefined) return '–'
  return before === 0 ? 'next in the queue' : `${before} ahead of it`
}
