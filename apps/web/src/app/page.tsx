import { publishedByDataset } from '@mate-bench/store'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Answer } from '../components/board/answer.tsx'
import { BoardSection } from '../components/board/board-section.tsx'
import { DayAnswer } from '../components/board/day-answer.tsx'
import { DaySection } from '../components/board/day-section.tsx'
import { Hero } from '../components/front/hero.tsx'
import { NoAnswer } from '../components/front/no-answer.tsx'
import { PublishedClaims } from '../components/front/published-claims.tsx'
import { TrackCards } from '../components/front/track-cards.tsx'
import { JsonLd } from '../components/json-ld.tsx'
import { getBoardRequest } from '../data/board-request.ts'
import { getPublishedMarks } from '../data/published-marks.ts'
import { getStore } from '../data/store.ts'
import { getTrackRecord } from '../data/track-record.ts'
import { chooseTrack, getTracks, trackKey } from '../data/tracks.ts'
import { boardLink, parseBoardParams, type SearchParams } from '../view/board-params.ts'
import { feed } from '../view/feed.ts'
import { frontierAt, askedDay as parseDay } from '../view/track-history.ts'
import { trackDataset } from '../view/track-json-ld.ts'

interface Props {
  readonly searchParams: Promise<SearchParams>
}

/** However a track's table is filtered, sorted and cut, to a search engine it is one page. */
export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const { track: key } = parseBoardParams(await searchParams)
  const tracks = await getTracks()
  const track = chooseTrack(tracks, key)
  // A track under its key, whatever it was asked for by; a dataset of papers' numbers alone under its name.
  const name = track === tracks[0] ? undefined : track ? trackKey(track) : key
  const canonical = name === undefined ? '/' : `/?${new URLSearchParams({ track: name })}`
  return { alternates: { canonical, ...feed } }
}

export default async function FrontPage({ searchParams }: Props) {
  const query = await searchParams
  const asked = parseBoardParams(query)
  const tracks = await getTracks()
  const { db } = await getStore()
  const onTracks = new Set(tracks.map(({ document }) => document.dataset))
  const claimed = (await publishedByDataset(db))
    .filter(({ dataset }) => !onTracks.has(dataset))
    .map(({ dataset, numbers }) => ({ name: dataset, numbers }))
  const found = await getBoardRequest(query)
  const { asked: askedDay } = parseDay(query.at)
  const record =
    found && asked.at !== undefined ? await getTrackRecord(trackKey(found.table.track)) : undefined
  // Without a run at all, what papers print is all there is to show.
  const dataset = asked.track ?? claimed[0]?.name
  const claims = found ? undefined : claimed.find(({ name }) => name === dataset)
  if (!found && !claims && (asked.track !== undefined || tracks.length > 0)) notFound()
  return (
    <>
      <Hero hasBoard={found !== undefined}>
        {record && asked.at ? (
          <DayAnswer
            dataset={record.track.document.dataset}
            day={asked.at}
            frontier={frontierAt(record.changes, asked.at)}
            unit={asked.unit}
          />
        ) : found ? (
          <Answer table={found.table} unit={found.params.unit} />
        ) : (
          <NoAnswer dataset={tracks.length > 0 ? claims?.name : undefined} />
        )}
      </Hero>
      <div className="mt-5">
        <TrackCards
          tracks={tracks}
          claimed={claimed}
          chosen={found?.table.track.digest ?? claims?.name}
          hrefOf={(track) => boardLink(asked, { track, compare: [] })}
        />
      </div>
      <div id="board" className="mt-7 scroll-mt-4">
        {found && record && asked.at ? (
          <DaySection params={found.params} record={record} day={asked.at} />
        ) : found ? (
          <BoardSection {...found} askedDay={askedDay} />
        ) : null}
        {claims ? (
          <PublishedClaims
            dataset={claims.name}
            printed={claims.numbers}
            unit={asked.unit}
            marks={await getPublishedMarks(claims.name)}
          />
        ) : null}
      </div>
      {found ? (
        <JsonLd
          document={trackDataset(found.table.track, {
            key: trackKey(found.table.track),
            synthetic: found.table.entries.some(({ synthetic }) => synthetic),
          })}
        />
      ) : null}
    </>
  )
}
