import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Section } from '../../../components/section.tsx'
import { CiteView } from '../../../components/share/cite-view.tsx'
import { BestWithin } from '../../../components/track/best-within.tsx'
import { ChangeList } from '../../../components/track/change-list.tsx'
import { DayForm } from '../../../components/track/day-form.tsx'
import { DayFrontier } from '../../../components/track/day-frontier.tsx'
import { TrackFiles } from '../../../components/track/track-files.tsx'
import { getTrackRecord } from '../../../data/track-record.ts'
import { trackKey } from '../../../data/tracks.ts'
import { citeTrack } from '../../../view/citation.ts'
import { plural } from '../../../view/numbers.ts'
import { askedDay, frontierAt } from '../../../view/track-history.ts'

interface Props {
  readonly params: Promise<{ readonly key: string }>
  readonly searchParams: Promise<{ readonly at?: string | string[] }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const record = await getTrackRecord((await params).key)
  if (!record) return {}
  const key = trackKey(record.track)
  const { dataset } = record.track.document
  return {
    title: `${dataset}: history`,
    description: `How the frontier of accuracy against MACs on ${dataset} moved, day by day, and all that changed its table.`,
    alternates: {
      canonical: `/tracks/${key}`,
      types: { 'application/atom+xml': [{ url: `/tracks/${key}/feed.xml`, title: `Changes on ${dataset}` }] },
    },
  }
}

export default async function TrackPage({ params, searchParams }: Props) {
  const record = await getTrackRecord((await params).key)
  if (!record) notFound()
  const { track, changes, events } = record
  const { dataset } = track.document
  const key = trackKey(track)
  const { asked, day } = askedDay((await searchParams).at)
  const query = day === undefined ? '' : `?at=${day}`
  const now = changes.at(-1)?.frontier ?? []
  const first = changes[0]?.date
  return (
    <>
      <p className="text-soft">
        <a className="link" href={`/?track=${key}${day === undefined ? '' : `&at=${day}`}`}>
          {dataset}
        </a>{' '}
        / history
      </p>
      <h1 className="mt-1 [overflow-wrap:anywhere]">{dataset}: history</h1>
      <p className="mt-1.5 max-w-[75ch] text-soft">
        {plural(track.entries, 'entry', 'entries')} and {plural(track.runs, 'run')}
        {first === undefined ? '' : ` since ${first}`}. Runs that were withdrawn, or that a failed check
        disputes, are left out of every day’s frontier.
      </p>
      <Section
        id="frontier"
        title="The frontier on a day"
        note="Exits that no other exit beat with at least the same accuracy at the same or a lower cost. Means over the seeds published by the end of that day (UTC)."
      >
        <DayForm asked={asked} day={day} action={`/tracks/${key}`} today={`/tracks/${key}`} first={first} />
        <DayFrontier
          dataset={dataset}
          day={day}
          then={day ? frontierAt(changes, day) : undefined}
          now={now}
        />
      </Section>
      <Section
        id="best"
        title="The best within a budget"
        note="Top-1 of the best exit that costs no more, from the day on which it was published."
      >
        <BestWithin dataset={dataset} changes={changes} trackKey={key} />
      </Section>
      <Section id="changes" title="Changes" note={<FeedNote trackKey={key} />}>
        <ChangeList events={events} />
      </Section>
      <Section
        id="files"
        title="Files"
        note="Every exit of every entry, as it stands now. Fractions and counts, never rounded."
      >
        <TrackFiles trackKey={key} />
      </Section>
      <Section id="cite" title="Cite, link or embed">
        <CiteView
          citation={citeTrack({
            ...{ dataset, key },
            entries: track.entries,
            updatedAt: record.updatedAt,
            synthetic: record.synthetic,
            ...{ day, path: `/tracks/${key}${query}` },
          })}
          embed={{ path: `/embed/tracks/${key}${query}`, title: `MATE Bench: frontier on ${dataset}` }}
        />
      </Section>
    </>
  )
}

function FeedNote({ trackKey }: { trackKey: string }) {
  return (
    <>
      Newest first; times are UTC. Follow them by{' '}
      <a className="link" href={`/tracks/${trackKey}/feed.xml`}>
        feed
      </a>
      .
    </>
  )
}
