// Entry of a pool process. Plain JavaScript, since a process starts before TypeScript can be read.
import { register } from 'tsx/esm/api'

register()
const { serveWorker } = await import('./pool-worker.ts')
serveWorker()
