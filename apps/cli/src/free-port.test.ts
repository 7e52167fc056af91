import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from './free-port.ts'

const addresses = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address))
const loopbacks = ['127.0.0.1', '::1'].filter((host) => addresses.includes(host))
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Somebody who listens; on any port that is free for 0. */
async function listen(port: number, host: string): Promise<number> {
  const server = createServer().listen(port, host)
  servers.push(server)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

describe('freePort', () => {
  it.each(loopbacks)('passes over a port that is taken on %s', async (host) => {
    const taken = await listen(0, host)
    const port = await freePort(taken)
    expect(port).toBeGreaterThan(taken)
    expect(await listen(port, '127.0.0.1')).toBe(port)
  })

  it('says so when there is none up to the last port', async () => {
    await listen(65_535, '127.0.0.1')
    await expect(freePort(65_535)).rejects.toMatchObject({
      code: 'conflict',
      message: 'Port 65535 is taken.',
      hint: expect.stringContaining('--port'),
    })
  })
})
