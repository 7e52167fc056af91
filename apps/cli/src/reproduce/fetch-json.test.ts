import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fetchBytes } from './fetch-json.ts'

const pause = 150
const patience = 1000
/** `/slow` sends a byte now and then, longer than anybody's patience in all; `/silent` stops after the first. */
const server = createServer(async ({ url }, response) => {
  response.write('x')
  if (url === '/silent') return
  for (let i = 1; i < 10; i++) {
    await sleep(pause)
    response.write('x')
  }
  response.end()
})
let site: URL
beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  site = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

it('waits for a large answer on a slow line, as long as something comes', async () => {
  expect(9 * pause).toBeGreaterThan(patience)
  expect(await fetchBytes(new URL('/slow', site), site, 100, patience)).toHaveLength(10)
})

it('gives up on an answer that stops coming', async () => {
  const given = fetchBytes(new URL('/silent', site), site, 100, patience)
  await expect(given).rejects.toMatchObject({ code: 'offline' })
})
