export { type DatabaseProxy, startDatabaseProxy } from './database-proxy.ts'
export { type SyntheticRunOptions, syntheticRun } from './synthetic-run.ts'
export { openTestStore, type TestDriver, type TestStore, testDrivers } from './test-store.ts'
export { startWebSocketBridge, type WebSocketBridge } from './websocket-bridge.ts'
