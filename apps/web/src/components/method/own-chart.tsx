import type { MethodTableRow } from '@mate-bench/store'
import { getBoardTable } from '../../data/board-table.ts'
import { getTracks } from '../../data/tracks.ts'
import { chartedEntries } from '../../view/charted-entries.ts'
import { frontierPoints } from '../../view/frontier-points.ts'
import { BoardChart } from '../board/board-chart.tsx'

/** A method's entries among all of a track: of the one on which it has most. */
export async function OwnChart({ entries }: { entries: readonly MethodTableRow[] }) {
  const on = (digest: string) => entries.filter(({ trackDigest }) => trackDigest === digest).length
  const [track] = [...(await getTracks())].sort((a, b) => on(b.digest) - on(a.digest))
  if (!track || on(track.digest) === 0) return null
  const { entries: all } = await getBoardTable(track)
  const ids = new Set(entries.map(({ entryId }) => entryId))
  const own = all.filter(({ id }) => ids.has(id))
  return (
    <div className="card mb-4 p-4">
      <BoardChart
        dataset={track.document.dataset}
        unit="macs"
        charted={chartedEntries({ shown: own, matching: own, all })}
        frontier={frontierPoints(all)}
        published={[]}
      />
    </div>
  )
}
