import { missingRunsOfEntries } from '@mate-bench/store'
import type { BoardRequest } from '../../data/board-request.ts'
import { getPublishedMarks } from '../../data/published-marks.ts'
import { getStore } from '../../data/store.ts'
import { trackKey } from '../../data/tracks.ts'
import { boardLink, boardQuery } from '../../view/board-params.ts'
import { chartedEntries } from '../../view/charted-entries.ts'
import { citeTrack, stateOf } from '../../view/citation.ts'
import { findDataset } from '../../view/find-dataset.ts'
import { frontierPoints } from '../../view/frontier-points.ts'
import { integer, plural } from '../../view/numbers.ts'
import { Fold } from '../fold.tsx'
import { CiteView } from '../share/cite-view.tsx'
import { TableScroll } from '../table-scroll.tsx'
import { DayForm } from '../track/day-form.tsx'
import { BoardChart } from './board-chart.tsx'
import { BoardControls } from './board-controls.tsx'
import { BoardNotes } from './board-notes.tsx'
import { BoardTable } from './board-table.tsx'
import { CompareForm } from './compare-form.tsx'
import { Downloads } from './downloads.tsx'
import { FrontierTable } from './frontier-table.tsx'
import { KeepSelection } from './keep-selection.tsx'
import { KeptFields } from './kept-fields.tsx'
import { Pager } from './pager.tsx'
import { PublishedFold } from './published-fold.tsx'
import { SelectedEntries } from './selected-entries.tsx'

interface BoardSectionProps extends BoardRequest {
  /** What `?at=` names without being a day; undefined where it names nothing. */
  readonly askedDay: string | undefined
}

/** A track's chart, controls and table. */
export async function BoardSection({ params, table, view, askedDay }: BoardSectionProps) {
  const { dataset, splits } = table.track.document
  const marks = await getPublishedMarks(dataset)
  const { db } = await getStore()
  const missing = await missingRunsOfEntries(
    db,
    view.shown.map(({ id }) => id),
  )
  const drawn = params.published ? marks : []
  const frontier = frontierPoints(table.entries)
  const charted = chartedEntries({ shown: view.shown, matching: view.entries, all: table.entries })
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 className="[overflow-wrap:anywhere]">
          {dataset}
          <span className="sr-only"> leaderboard</span>
        </h2>
        <p className="text-soft">
          {plural(table.track.entries, 'entry', 'entries')}, {plural(table.track.runs, 'run')};{' '}
          {integer(splits.train.count)} training, {integer(splits.validation.count)} validation,{' '}
          {integer(splits.test.count)} test images.{' '}
          <a className="link" href={`/datasets/${dataset}`}>
            About the data
          </a>
          ,{' '}
          <a className="link" href={`/tracks/${trackKey(table.track)}`}>
            history of the track
          </a>
        </p>
        {(findDataset(dataset)?.caveats ?? []).map((caveat) => (
          <p key={caveat} className="max-w-[90ch] basis-full text-[0.9rem] text-soft">
            {caveat}
          </p>
        ))}
      </div>
      {askedDay === undefined ? null : (
        <div className="mt-3">
          <OnADay params={params} asked={askedDay} />
        </div>
      )}
      {view.shown.length === 0 ? null : (
        <section aria-label="Chart" className="card mt-3 p-4">
          <BoardChart
            dataset={dataset}
            unit={params.unit}
            charted={charted}
            frontier={frontier}
            published={drawn.map(({ point }) => point)}
          />
          <FrontierTable points={frontier} unit={params.unit} />
          {drawn.length > 0 ? <PublishedFold results={drawn.map(({ result }) => result)} /> : null}
        </section>
      )}
      <div className="mt-5">
        <BoardControls params={params} view={view} hasPublished={marks.length > 0} />
      </div>
      {view.shown.length === 0 ? (
        <p className="card mt-4 p-6">No entry of this track passes the filters.</p>
      ) : (
        <>
          <CompareForm view={boardLink(params, { compare: [], page: params.page })}>
            <TableScroll label={`Entries on ${dataset}`}>
              <BoardTable
                params={params}
                entries={view.shown}
                all={table.entries}
                target={view.target}
                styles={charted.styles}
              />
            </TableScroll>
            <SelectedEntries params={params} entries={table.entries} shown={view.shown} />
            <div className="flex flex-wrap items-center gap-x-6 gap-y-2 border-t border-line px-3 py-2.5">
              <button type="submit" className="button">
                Compare selected
              </button>
              <noscript>
                <KeepSelection params={params} />
              </noscript>
              <span className="text-[0.87rem] text-soft">two to six entries</span>
              <Pager params={params} page={view.page} pages={view.pages} />
              <Downloads params={params} />
            </div>
          </CompareForm>
          <BoardNotes entries={view.shown} missing={missing} />
          {askedDay === undefined ? (
            <Fold summary="The frontier on an earlier day">
              <OnADay params={params} asked={undefined} />
            </Fold>
          ) : null}
          <Fold summary="Cite, link or embed this view">
            <CiteView
              citation={citeTrack({
                ...{ dataset, key: trackKey(table.track) },
                ...stateOf(table.entries),
                path: boardLink(params, { compare: [], page: params.page }),
              })}
              embed={{
                path: `/embed/board${boardQuery({ ...params, compare: [] })}`,
                title: `MATE Bench: ${dataset}`,
              }}
            />
          </Fold>
        </>
      )}
    </>
  )
}

interface OnADayProps {
  readonly params: BoardRequest['params']
  readonly asked: string | undefined
}

function OnADay({ params, asked }: OnADayProps) {
  return (
    <DayForm asked={asked} day={undefined} action="/#board" today={boardLink(params, {})} first={undefined}>
      <KeptFields params={params} />
    </DayForm>
  )
}
