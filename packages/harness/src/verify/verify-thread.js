// The thread's entry is JavaScript because Node 20 takes no TypeScript file there; tsx loads the rest.
import { register } from 'tsx/esm/api'

register()
await import('./verify-thread-body.ts')
