import type { TrackSummary } from '@mate-bench/store/track-table'
import { trackKey, trackLabel } from '../../data/tracks.ts'
import { percentText, plural, si } from '../../view/numbers.ts'

/** A dataset that nobody has published a run on, and of which papers print numbers. */
export interface ClaimedDataset {
  readonly name: string
  readonly numbers: number
}

interface TrackCardsProps {
  readonly tracks: readonly TrackSummary[]
  readonly claimed: readonly ClaimedDataset[]
  /** Digest of a track or name of a dataset. */
  readonly chosen: string | undefined
  /** Address of the view on the track of this key. */
  readonly hrefOf: (key: string) => string
}

/** So many are seen at once; the others are a click away. */
const mostShown = 4

/** The tracks, each with what is on it; then datasets of which there are only papers' numbers. */
export function TrackCards({ tracks, claimed, chosen, hrefOf }: TrackCardsProps) {
  const cards = [
    ...tracks.map((track) => ({
      key: track.digest,
      card: (
        <TrackCard
          track={track}
          label={trackLabel(track, tracks)}
          isChosen={track.digest === chosen}
          href={hrefOf(trackKey(track))}
        />
      ),
    })),
    ...claimed.map(({ name, numbers }) => ({
      key: name,
      card: (
        <Card href={hrefOf(name)} isChosen={name === chosen} name={name}>
          No run yet; {plural(numbers, 'number')} from papers
        </Card>
      ),
    })),
  ]
  // The chosen one first, so that it is never folded away.
  const ordered = [...cards.filter(({ key }) => key === chosen), ...cards.filter(({ key }) => key !== chosen)]
  const rest = ordered.slice(mostShown)
  return (
    <nav aria-label="Tracks">
      <ul className="grid gap-2.5 sm:grid-cols-2 xl:grid-cols-4">
        {ordered.slice(0, mostShown).map(({ key, card }) => (
          <li key={key}>{card}</li>
        ))}
      </ul>
      {rest.length > 0 ? (
        <details className="fold mt-2">
          <summary className="text-[0.9rem] text-soft">{plural(rest.length, 'more track')}</summary>
          <ul className="mt-2 grid gap-2.5 sm:grid-cols-2 xl:grid-cols-4">
            {rest.map(({ key, card }) => (
              <li key={key}>{card}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </nav>
  )
}

interface TrackCardProps {
  readonly track: TrackSummary
  readonly label: string
  readonly isChosen: boolean
  readonly href: string
}

function TrackCard({ track, label, isChosen, href }: TrackCardProps) {
  const { best, changedAt, document } = track
  const { train } = document.splits
  return (
    <Card href={href} isChosen={isChosen} name={label}>
      {plural(track.entries, 'entry', 'entries')}, {plural(train.count, 'training image')}
      <br />
      {best ? `Best exit ${percentText(best.top1)} at ${si(best.sequentialMacs)} MACs` : 'No exit counts yet'}
      <br />
      Last change {changedAt.toISOString().slice(0, 10)}
    </Card>
  )
}

interface CardProps {
  readonly href: string
  readonly isChosen: boolean
  readonly name: string
  readonly children: React.ReactNode
}

function Card({ href, isChosen, name, children }: CardProps) {
  return (
    <a
      href={href}
      aria-current={isChosen ? 'true' : undefined}
      className="card block h-full px-3.5 py-2 hover:border-soft aria-[current]:border-accent aria-[current]:bg-mark"
    >
      <strong className="block font-semibold [overflow-wrap:anywhere]">{name}</strong>
      <span className="block text-[0.87rem] text-soft tabular-nums">{children}</span>
    </a>
  )
}
