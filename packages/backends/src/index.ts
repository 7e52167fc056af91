export { type BackendName, backendNames, type OpenBackend } from './backend.ts'
export { openBackend } from './open.ts'
