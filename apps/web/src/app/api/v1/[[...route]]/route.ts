import type { NextRequest } from 'next/server'
import { serverApi } from '../../../../api/server-api.ts'

let api: ReturnType<typeof serverApi> | undefined

/** The whole API: which methods an address takes is for its routes to say. */
async function handle(request: NextRequest): Promise<Response> {
  api ??= serverApi()
  return await api.fetch(request)
}

export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
}
