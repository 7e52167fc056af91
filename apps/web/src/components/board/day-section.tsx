import type { BoardRequest } from '../../data/board-request.ts'
import type { TrackRecord } from '../../data/track-record.ts'
import { trackKey } from '../../data/tracks.ts'
import { boardLink } from '../../view/board-params.ts'
import { citeTrack } from '../../view/citation.ts'
import { frontierAt } from '../../view/track-history.ts'
import { Fold } from '../fold.tsx'
import { CiteView } from '../share/cite-view.tsx'
import { DayForm } from '../track/day-form.tsx'
import { DayFrontier } from '../track/day-frontier.tsx'
import { KeptFields } from './kept-fields.tsx'

interface DaySectionProps {
  readonly params: BoardRequest['params']
  readonly record: TrackRecord
  readonly day: string
}

/** A track at the end of a day, in the place of its board: ranks and intervals are known of the present alone. */
export function DaySection({ params, record, day }: DaySectionProps) {
  const { track, changes, synthetic, updatedAt } = record
  const { dataset } = track.document
  const key = trackKey(track)
  const present = { ...params, at: undefined }
  return (
    <>
      <h2 className="[overflow-wrap:anywhere]">
        {dataset} at the end of {day}
      </h2>
      <p className="mt-1 mb-3 max-w-[75ch] text-soft">
        The exits on the frontier that day (UTC), as means over the seeds published by then.{' '}
        <a className="link" href={boardLink(params, { at: undefined })}>
          Today’s board
        </a>{' '}
        has ranks, intervals and every entry; the{' '}
        <a className="link" href={`/tracks/${key}?at=${day}`}>
          history of the track
        </a>{' '}
        has all changes.
      </p>
      <DayForm
        asked={day}
        day={day}
        action="/#board"
        today={boardLink(params, { at: undefined })}
        first={changes[0]?.date}
      >
        <KeptFields params={present} />
      </DayForm>
      <DayFrontier
        dataset={dataset}
        day={day}
        then={frontierAt(changes, day)}
        now={changes.at(-1)?.frontier ?? []}
      />
      <Fold summary="Cite, link or embed this view">
        <CiteView
          citation={citeTrack({
            ...{ dataset, key, synthetic, updatedAt, day },
            entries: track.entries,
            path: boardLink(params, { compare: [] }),
          })}
          embed={{ path: `/embed/tracks/${key}?at=${day}`, title: `MATE Bench: frontier on ${dataset}` }}
        />
      </Fold>
    </>
  )
}
