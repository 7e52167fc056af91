import { type BoardParams, parseBoardParams, type SearchParams } from '../view/board-params.ts'
import { type BoardView, boardView } from '../view/board-view.ts'
import { type BoardTable, getBoardTable } from './board-table.ts'
import { chooseTrack, getTracks, trackKey } from './tracks.ts'

export interface BoardRequest {
  /** With the track that is shown, also where the query names none: links of the view stay what they are. */
  readonly params: BoardParams
  readonly table: BoardTable
  readonly view: BoardView
}

/** The view that a query asks for; undefined where its track does not exist. */
export async function getBoardRequest(query: SearchParams): Promise<BoardRequest | undefined> {
  const asked = parseBoardParams(query)
  const track = chooseTrack(await getTracks(), asked.track)
  if (!track) return undefined
  const table = await getBoardTable(track)
  // Entries of one track alone can be compared: what was selected on another is left behind.
  const ids = new Set(table.entries.map(({ id }) => id))
  const params = { ...asked, track: trackKey(track), compare: asked.compare.filter((id) => ids.has(id)) }
  return { params, table, view: boardView(table.entries, params) }
}
