import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scope } from '@mate-bench/schema'
import { createToken, type Db, localQueue, openArtifacts } from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import type { ApiApp } from '../api-app.ts'
import { apiPath, createApi } from '../create-api.ts'
import type { ApiDependencies, ApiLimits } from '../dependencies.ts'

export interface TestApi {
  readonly app: ApiApp
  readonly store: TestStore
  readonly artifacts: Awaited<ReturnType<typeof openArtifacts>>
  /** What the operator would have been told. */
  readonly errors: unknown[]
  /** The clock of the API: it stands still unless it is moved. */
  readonly time: { now: Date }
  request(path: string, init?: RequestInit): Promise<Response>
  /** A token's text. */
  token(scopes: readonly Scope[], options?: { owner?: string; days?: number }): Promise<string>
  close(): Promise<void>
}

/** So wide that a test meets only those that it narrows. */
export const testLimits: ApiLimits = {
  perToken: { burst: 1000, perMinute: 1000 },
  perAddress: { burst: 1000, perMinute: 1000 },
  bodyBytes: 1_000_000,
  macsPerSubmission: 1e15,
  bytesPerRun: 24e9,
}

/** The API on a database and artifact folder of its own. */
export async function openTestApi(overrides: Partial<ApiDependencies> = {}): Promise<TestApi> {
  const store = await openTestStore()
  const folder = mkdtempSync(join(tmpdir(), 'mate-bench-artifacts-'))
  const artifacts = await openArtifacts(folder, {})
  const errors: unknown[] = []
  const time = { now: new Date('2026-03-01T12:00:00.000Z') }
  const app = createApi({
    db: async () => store.db,
    artifacts: async () => artifacts,
    launcher: localQueue,
    clock: () => time.now,
    limits: testLimits,
    trustedProxy: { kind: 'none' },
    onError: (error) => errors.push(error),
    ...overrides,
  })
  return {
    app,
    store,
    artifacts,
    errors,
    time,
    request: async (path, init) => await app.request(`${apiPath}${path}`, init),
    token: async (scopes, options) => await issue(store.db, time.now, scopes, options),
    async close() {
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

async function issue(
  db: Db,
  now: Date,
  scopes: readonly Scope[],
  { owner = 'ada', days = 1 }: { owner?: string; days?: number } = {},
): Promise<string> {
  const expiresAt = new Date(now.getTime() + days * 24 * 3600 * 1000)
  return (await createToken(db, { name: 'test', owner, scopes, expiresAt })).token
}

/** Headers of a request with a token and a JSON body. */
export function jsonHeaders(token: string, more: Record<string, string> = {}): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more }
}
