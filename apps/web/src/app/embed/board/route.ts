import { accuracyChart } from '@mate-bench/charts'
import { getBoardRequest } from '../../../data/board-request.ts'
import { getPublishedMarks } from '../../../data/published-marks.ts'
import { getTrackRecord } from '../../../data/track-record.ts'
import { trackKey } from '../../../data/tracks.ts'
import { embedPage, noEmbed } from '../../../export/embed-page.ts'
import { frontierEmbed } from '../../../export/frontier-embed.ts'
import { boardLink } from '../../../view/board-params.ts'
import { chartedEntries, dotsText, entrySeries } from '../../../view/charted-entries.ts'
import { citeTrack, stateOf } from '../../../view/citation.ts'
import { frontierPoints } from '../../../view/frontier-points.ts'
import { unitName } from '../../../view/numbers.ts'

/** The chart of a view of the board. */
export async function GET(request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url)
  const found = await getBoardRequest(
    Object.fromEntries([...searchParams.keys()].map((key) => [key, searchParams.getAll(key)])),
  )
  if (!found || found.view.shown.length === 0) return noEmbed()
  const { params, table, view } = found
  if (params.at !== undefined) {
    const record = await getTrackRecord(trackKey(table.track))
    return record
      ? frontierEmbed(request, record, { day: params.at, path: boardLink(params, { compare: [] }) })
      : noEmbed()
  }
  const { dataset } = table.track.document
  const charted = chartedEntries({
    shown: view.shown,
    matching: view.entries,
    all: table.entries,
  })
  const { coloured, faint, others } = charted
  const marks = params.published ? await getPublishedMarks(dataset) : []
  const title = `Top-1 accuracy against ${unitName(params.unit)} on ${dataset}`
  const { text, href } = citeTrack({
    ...{ dataset, key: trackKey(table.track) },
    ...stateOf(table.entries),
    path: boardLink(params, { compare: [], page: params.page }),
  })
  return embedPage(request, {
    title,
    chart: accuracyChart(coloured.map(entrySeries), {
      ...{ id: 'board', unit: params.unit, title, others },
      frontier: frontierPoints(table.entries),
      published: marks.map(({ point }) => point),
      faint: faint.map(entrySeries),
      description: 'The page that the title links to has all figures in tables.',
    }),
    note: `One line per entry, one mark per exit; bars are 95\u202f% intervals. Dotted: the frontier of all entries.${dotsText(charted)}`,
    citation: text,
    href,
  })
}
