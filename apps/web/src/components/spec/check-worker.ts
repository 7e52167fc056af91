import { ready } from '../talk-to-worker.ts'
import type { CheckNews, CheckOrder } from './check-messages.ts'
import { checkSpec } from './check-spec.ts'

self.addEventListener('message', ({ data: { id, text } }: MessageEvent<CheckOrder>) => {
  self.postMessage({ id, checked: checkSpec(text) } satisfies CheckNews)
})
self.postMessage(ready)
