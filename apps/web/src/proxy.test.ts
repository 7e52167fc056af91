import { NextRequest } from 'next/server'
import { describe, expect, it } from 'vitest'
import { proxy } from './proxy.ts'

const policyOf = () =>
  proxy(new NextRequest('https://bench.test/')).headers.get('content-security-policy') ?? ''

describe('proxy', () => {
  it('lets the pages that compute start workers of this site, and no other page any', () => {
    const workers = (path: string) => {
      const { headers } = proxy(new NextRequest(`https://bench.test${path}`))
      return /worker-src ([^;]*)/.exec(headers.get('content-security-policy') ?? '')?.[1]
    }
    expect(workers('/try/train')).toBe("'self'")
    expect(workers('/try/ent_1')).toBe("'self'")
    expect(workers('/submit')).toBe("'self'")
    expect(workers('/entries/ent_1')).toBe("'none'")
    expect(workers('/')).toBe("'none'")
  })

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
    ['/methods', 'OPTIONS', 204, 'GET, HEAD, OPTIONS'],
  ])('answers %s to %s with %i and what it takes', (address, method, status, allow) => {
    const response = proxy(new NextRequest(`https://bench.test${address}`, { method }))
    expect(response.status).toBe(status)
    expect(response.headers.get('allow')).toBe(allow)
  })

  it('lets anybody frame the charts that are made for it, and nothing else', () => {
    for (const address of ['/embed/board', '/embed/entries/entry_1', '/embed/tracks/00000000']) {
      const { headers } = proxy(new NextRequest(`https://bench.test${address}`))
      expect(headers.has('x-frame-options'), address).toBe(false)
      expect(headers.has('content-security-policy'), address).toBe(false)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
    for (const address of ['/embed', '/embed/', '/embed/other', '/embed/board/x', '/embed/entries/a/b']) {
      const { headers } = proxy(new NextRequest(`https://bench.test${address}`))
      expect(headers.get('x-frame-options'), address).toBe('DENY')
      expect(headers.get('content-security-policy'), address).toContain("frame-ancestors 'none'")
    }
  })

  it('lets a file of a run do nothing, should a browser open it', () => {
    const { headers } = proxy(new NextRequest('https://bench.test/runs/run_1/files/log.jsonl'))
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'; sandbox")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })
})
