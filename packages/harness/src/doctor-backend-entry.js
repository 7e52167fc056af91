// Entry of a process that tries one backend. Plain JavaScript, since a process starts before TypeScript can be read.
import { register } from 'tsx/esm/api'

register()
const { serveBackendTrial } = await import('./doctor-backend.ts')
serveBackendTrial()
