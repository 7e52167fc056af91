// Entry of a process that checks one backend. Plain JavaScript, since a process starts before TypeScript can be read.
import { register } from 'tsx/esm/api'

register()
const { serveSelfCheck } = await import('./self-check-child.ts')
serveSelfCheck()
