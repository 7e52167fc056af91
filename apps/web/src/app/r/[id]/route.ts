import { sendOn, wholeId } from '../../../data/short-link.ts'

interface Context {
  readonly params: Promise<{ readonly id: string }>
}

/** Short for a run. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const id = await wholeId('run', (await params).id)
  return sendOn(request, id && `/runs/${id}`)
}
