import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { examineDatabase, isSupported } from './doctor.ts'

describe('isSupported', () => {
  it.each([
    ['20.19.0', true],
    ['22.3.1', true],
    ['20.18.3', false],
    ['18.20.0', false],
  ])('Node %s: %s', (version, supported) => {
    expect(isSupported(version)).toBe(supported)
  })
})

describe('examineDatabase', () => {
  const servers: ReturnType<typeof createServer>[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })
  const listen = () =>
    new Promise<number>((resolve) => {
      const server = createServer()
      servers.push(server)
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address ? address.port : 0)
      })
    })

  it('says when none is set', async () => {
    expect(await examineDatabase({})).toEqual({ state: 'not-set' })
  })

  it('reaches a listening port and tells no password', async () => {
    const port = await listen()
    const status = await examineDatabase({ POSTGRES_URL: `postgres://user:secret@127.0.0.1:${port}/db` })
    expect(status).toEqual({ state: 'reachable', variable: 'POSTGRES_URL', host: '127.0.0.1', port })
    expect(JSON.stringify(status)).not.toContain('secret')
  })

  it('says when the port does not answer', async () => {
    const port = await listen()
    servers.pop()?.close()
    const status = await examineDatabase({ DATABASE_URL: `postgres://127.0.0.1:${port}/db` })
    expect(status).toMatchObject({ state: 'unreachable', variable: 'DATABASE_URL' })
  })

  it('does not take another address for a database', async () => {
    const status = await examineDatabase({ DATABASE_URL: 'http://user:secret@host/db' })
    expect(status).toEqual({ state: 'unreadable', variable: 'DATABASE_URL' })
  })
})
