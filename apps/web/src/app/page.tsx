import { missingRunsOfEntries } from '@mate-bench/store'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { BoardChart } from '../components/board/board-chart.tsx'
import { BoardControls } from '../components/board/board-controls.tsx'
import { BoardNotes } from '../components/board/board-notes.tsx'
import { BoardTable } from '../components/board/board-table.tsx'
import { CompareForm } from '../components/board/compare-form.tsx'
import { Downloads } from '../components/board/downloads.tsx'
import { EmptyBoard } from '../components/board/empty-board.tsx'
import { FrontierTable } from '../components/board/frontier-table.tsx'
import { KeepSelection } from '../components/board/keep-selection.tsx'
import { Pager } from '../components/board/pager.tsx'
import { PublishedFold } from '../components/board/published-fold.tsx'
import { SelectedEntries } from '../components/board/selected-entries.tsx'
import { JsonLd } from '../components/json-ld.tsx'
import { TableScroll } from '../components/table-scroll.tsx'
import { getBoardRequest } from '../data/board-request.ts'
import { getPublishedMarks } from '../data/published-marks.ts'
import { getStore } from '../data/store.ts'
import { chooseTrack, getTracks, trackKey } from '../data/tracks.ts'
import { boardHref, parseBoardParams, type SearchParams } from '../view/board-params.ts'
import { chartedEntries } from '../view/charted-entries.ts'
import { feed } from '../view/feed.ts'
import { findDataset } from '../view/find-dataset.ts'
import { frontierPoints } from '../view/frontier-points.ts'
import { integer, plural } from '../view/numbers.ts'
import { trackDataset } from '../view/track-json-ld.ts'

interface Props {
  readonly searchParams: Promise<SearchParams>
}

/** However a track's table is filtered, sorted and cut, to a search engine it is one page. */
export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const { track: key } = parseBoardParams(await searchParams)
  const tracks = await getTracks()
  const track = chooseTrack(tracks, key)
  const canonical = track === undefined || track === tracks[0] ? '/' : `/?track=${trackKey(track)}`
  return { alternates: { canonical, ...feed } }
}

export default async function BoardPage({ searchParams }: Props) {
  const tracks = await getTracks()
  if (tracks.length === 0) return <EmptyBoard />
  const found = await getBoardRequest(await searchParams)
  if (!found) notFound()
  const { params, table, view } = found
  const { track } = table
  const marks = await getPublishedMarks(track.document.dataset)
  const missing = await missingRunsOfEntries(
    (await getStore()).db,
    view.shown.map(({ id }) => id),
  )
  const drawn = params.published ? marks : []
  const frontier = frontierPoints(table.entries)
  const charted = chartedEntries({ shown: view.shown, matching: view.entries, all: table.entries })
  const { dataset, splits } = track.document
  const caveats = findDataset(dataset)?.caveats ?? []
  return (
    <>
      <div className="mb-5 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h1 className="[overflow-wrap:anywhere]">
          {dataset}
          <span className="sr-only"> leaderboard</span>
        </h1>
        <p className="text-soft">
          {plural(track.entries, 'entry', 'entries')}, {plural(track.runs, 'run')};{' '}
          {integer(splits.train.count)} training, {integer(splits.validation.count)} validation,{' '}
          {integer(splits.test.count)} test images.{' '}
          <a className="link" href={`/datasets/${dataset}`}>
            About the data
          </a>
        </p>
        {caveats.map((caveat) => (
          <p key={caveat} className="max-w-[90ch] basis-full text-[0.9rem] text-soft">
            {caveat}
          </p>
        ))}
      </div>
      <BoardControls
        tracks={tracks}
        track={track}
        params={params}
        choices={view.choices}
        hasPublished={marks.length > 0}
      />
      {view.entries.length === 0 ? (
        <p className="card mt-5 p-6">No entry of this track passes the filters.</p>
      ) : (
        <>
          <section aria-label="Chart" className="card mt-5 p-4">
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
          <CompareForm view={boardHref(params, { compare: [], page: params.page })}>
            <TableScroll label={`Entries on ${dataset}`}>
              <BoardTable
                params={params}
                entries={view.shown}
                macsRange={table.macsRange}
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
          <BoardNotes entries={view.shown} macsRange={table.macsRange} unit={params.unit} missing={missing} />
        </>
      )}
      <JsonLd
        document={trackDataset(track, {
          key: trackKey(track),
          synthetic: table.entries.some(({ synthetic }) => synthetic),
        })}
      />
    </>
  )
}
