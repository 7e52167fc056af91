import { NextRequest } from 'next/server'
import { describe, expect, it } from 'vitest'
import { POST } from './app/theme/route.ts'
import { proxy } from './proxy.ts'

const policyOf = () =>
  proxy(new NextRequest('https://bench.test/')).headers.get('content-security-policy') ?? ''

describe('proxy', () => {
  it('lets scripts run by nonce alone, another one each time', () => {
    const scripts = /script-src ([^;]*)/.exec(policyOf())?.[1] ?? ''
    expect(scripts).toMatch(/^'nonce-[A-Za-z0-9+/=]{40,}' 'strict-dynamic'$/)
    expect(policyOf()).not.toBe(policyOf())
  })

  it('forbids frames, plugins, foreign forms and another base', () => {
    for (const rule of [
      "frame-ancestors 'none'",
      "object-src 'none'",
      "form-action 'self'",
      "base-uri 'none'",
    ]) {
      expect(policyOf()).toContain(rule)
    }
    const { headers } = proxy(new NextRequest('https://bench.test/'))
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/)
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it.each(['/entries/%ff', '/runs/%c0%ae', '/specs/%', '/runs/run_1/files/%zz'])(
    'shows the page of no address for %s, which Next could not decode',
    (address) => {
      const { headers } = proxy(new NextRequest(`https://bench.test${address}`))
      expect(headers.get('x-middleware-rewrite')).toBe('https://bench.test/undecodable-address')
      expect(headers.get('content-security-policy')).toContain('script-src')
    },
  )

  it('refuses such an address of the API with problem details, and leaves the others to it', async () => {
    const refused = proxy(new NextRequest('https://bench.test/api/v1/entries/%zz'))
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({ code: 'bad-input', hint: expect.any(String) })
    const digest = proxy(new NextRequest('https://bench.test/api/v1/specs/sha256%3Aab'))
    expect(digest.headers.get('x-middleware-next')).toBe('1')
  })

  it.each([
    ['/', 'PUT', 405, 'GET, HEAD, OPTIONS'],
    ['/entries/x', 'POST', 405, 'GET, HEAD, OPTIONS'],
    ['/board.csv', 'DELETE', 405, 'GET, HEAD, OPTIONS'],
    ['/theme', 'PATCH', 405, 'POST'],
    ['/theme', 'OPTIONS', 405, 'POST'],
    ['/methods', 'OPTIONS', 204, 'GET, HEAD, OPTIONS'],
  ])('answers %s to %s with %i and what it takes', (address, method, status, allow) => {
    const response = proxy(new NextRequest(`https://bench.test${address}`, { method }))
    expect(response.status).toBe(status)
    expect(response.headers.get('allow')).toBe(allow)
  })

  it('lets a file of a run do nothing, should a browser open it', () => {
    const { headers } = proxy(new NextRequest('https://bench.test/runs/run_1/files/log.jsonl'))
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'; sandbox")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('the theme', () => {
  const choose = (theme: string, referer?: string) =>
    POST(
      new Request('https://bench.test/theme', {
        method: 'POST',
        headers: { host: 'bench.test', ...(referer === undefined ? {} : { referer }) },
        body: new URLSearchParams({ theme }),
      }),
    )

  it('is remembered in a cookie that scripts can not read', async () => {
    const response = await choose('dark', 'https://bench.test/methods?x=1')
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/methods?x=1')
    expect(response.headers.get('set-cookie')).toMatch(/^theme=dark; .*HttpOnly; Secure$/)
  })

  const post = (contentType: string, body: BodyInit) =>
    POST(
      new Request('https://bench.test/theme', {
        method: 'POST',
        headers: { 'content-type': contentType },
        body,
        duplex: 'half',
      } as RequestInit),
    )

  it.each(['text/plain', 'application/json', 'multipart/form-data; boundary=x'])(
    'is no document of type %s',
    async (type) => {
      expect((await post(type, 'theme=dark')).status).toBe(415)
    },
  )

  it('is not read from a body without an end', async () => {
    const endless = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(400).fill(97))
      },
    })
    expect((await post('application/x-www-form-urlencoded', endless)).status).toBe(413)
    expect((await post('application/x-www-form-urlencoded;charset=UTF-8', 'theme=dark')).status).toBe(303)
  })

  it('takes nothing else, and leads nowhere else', async () => {
    expect((await choose('"><script>')).headers.get('set-cookie')).toMatch(/^theme=system;/)
    for (const referer of ['https://evil.test/x', 'https://bench.test//evil.test/', 'nonsense']) {
      expect((await choose('light', referer)).headers.get('location')).toMatch(/^\/(evil\.test\/)?$/)
    }
  })
})
