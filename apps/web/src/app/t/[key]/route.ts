import { sendOn } from '../../../data/short-link.ts'
import { chooseTrack, getTracks, trackKey } from '../../../data/tracks.ts'

interface Context {
  readonly params: Promise<{ readonly key: string }>
}

/** Short for the board of a track, whichever is the largest by then. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const track = chooseTrack(await getTracks(), (await params).key)
  return sendOn(request, track && `/?track=${trackKey(track)}`)
}
