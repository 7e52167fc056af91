import { afterEach, expect, it, vi } from 'vitest'
import { serverApi } from './server-api.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

it('answers where its settings make sense', async () => {
  expect((await serverApi().request('/api/v1/health')).status).toBe(200)
})

it.each([
  ['MATE_BENCH_MAX_MACS', 'plenty'],
  ['MATE_BENCH_MAX_BYTES', '24 GB'],
  ['TRUSTED_PROXY', '-1'],
])(
  'says in its log what is wrong with %s=%s, and to visitors only that something is',
  async (name, value) => {
    const said: string[] = []
    vi.spyOn(console, 'error').mockImplementation((text) => void said.push(String(text)))
    vi.stubEnv(name, value)
    const api = serverApi()
    expect(said).toHaveLength(1)
    for (const path of ['/health', '/ready', '/entries']) {
      const response = await api.request(`/api/v1${path}`)
      expect(response.status).toBe(500)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      const text = await response.text()
      expect(JSON.parse(text)).toMatchObject({ code: 'internal', status: 500 })
      expect(text).not.toContain(value)
    }
  },
)
