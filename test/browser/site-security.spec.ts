import { expect, test } from '@playwright/test'
import { siteAccess } from './site-token.ts'

/** What the API's own tests try is tried again through the server that people run: Next stands in between. */

const token = () => siteAccess().token
const submissions = '/api/v1/submissions'
const json = { 'content-type': 'application/json' }

test('bodies that are too large are refused, told or not', async ({ request, baseURL }) => {
  const headers = { ...json, authorization: `Bearer ${token()}` }
  const large = JSON.stringify({ description: 'x'.repeat(1_100_000) })
  const told = await request.post(submissions, { headers, data: large })
  expect(told.status()).toBe(413)
  expect(await told.json()).toMatchObject({ code: 'too-large' })
  // Sent in pieces, with no length beforehand.
  let sent = 0
  const pieces = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(100_000).fill(32))
      if (++sent === 12) controller.close()
    },
  })
  const init = { method: 'POST', headers, body: pieces, duplex: 'half' } satisfies RequestInit & {
    duplex: 'half'
  }
  expect((await fetch(new URL(submissions, baseURL), init)).status).toBe(413)
})

test('bodies of another type are refused, and those of strangers are not judged', async ({ request }) => {
  const authorization = `Bearer ${token()}`
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const headers = { authorization, 'content-type': type }
    expect((await request.post(submissions, { headers, data: '{}' })).status(), type).toBe(415)
  }
  // As bytes: a text that is no JSON would be sent as a JSON string.
  const nested = Buffer.from('['.repeat(100_000))
  expect((await request.post(submissions, { headers: json, data: nested })).status()).toBe(401)
  const known = await request.post(submissions, { headers: { ...json, authorization }, data: nested })
  expect(known.status()).toBe(400)
})

test('who claims to come from elsewhere gets no allowance of his own, and shuts nobody out', async ({
  request,
}) => {
  const guesses = await Promise.all(
    Array.from({ length: 90 }, async (_, i) => {
      const headers = {
        authorization: 'Bearer mb_000000000000_guess',
        'x-forwarded-for': `198.51.100.${i}`,
        'x-client-address': `198.51.100.${i}`,
        'x-real-ip': `198.51.100.${i}`,
      }
      return (await request.post(submissions, { headers })).status()
    }),
  )
  expect(guesses.filter((status) => status === 429).length).toBeGreaterThan(0)
  expect(guesses.every((status) => status === 401 || status === 429)).toBe(true)
  const headers = { ...json, authorization: `Bearer ${token()}` }
  expect((await request.post(submissions, { headers, data: '{}' })).status()).toBe(422)
})

test('pages of others may read and not write', async ({ request }) => {
  const origin = 'https://elsewhere.example'
  const preflight = async (method: string) =>
    await request.fetch(submissions, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization',
      },
    })
  expect((await preflight('GET')).headers()).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'if-none-match',
  })
  expect((await preflight('POST')).headers()).not.toHaveProperty('access-control-allow-origin')
})

test('addresses that cannot be are not there', async ({ request }) => {
  for (const path of [
    '/runs/%00',
    '/runs/%00/files/manifest.json',
    '/explore/%00',
    '/entries/%00',
    '/submissions/%00',
    '/specs/%00',
    '/methods/%00',
    '/datasets/%00',
    '/specs?cursor=%00',
    '/queue?cursor=nonsense',
    '/runs/..%2f..%2fetc%2fpasswd',
  ]) {
    expect((await request.get(path)).status(), path).toBe(404)
  }
})

test('no request goes around the headers of a page', async ({ request }) => {
  const steps = Array.from({ length: 6 }, () => 'src/proxy').join(':')
  for (const headers of [{}, { 'x-middleware-subrequest': steps }, { 'x-forwarded-host': 'evil.example' }]) {
    const response = await request.get('/', { headers })
    expect(response.headers()['content-security-policy']).toMatch(
      /script-src 'self' ('sha256-[\w+/=]{44}' ?)+;/,
    )
    expect(response.headers()['x-frame-options']).toBe('DENY')
    expect(await response.text()).not.toContain('evil.example')
  }
})
