import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { useProxyOfEnvironment } from './proxy.ts'

/** A proxy that notes which hosts it is asked for. It lets through to `data.example:80`, which is a server of the test. */
let proxy: Server
let origin: Server
let address: string
const asked: string[] = []
const before = getGlobalDispatcher()

beforeAll(async () => {
  proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(200).end('from this machine')
  })
  proxy.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim())
    if (request.url !== 'data.example:80') return socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    const tunnel = connect((origin.address() as AddressInfo).port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      tunnel.pipe(socket).pipe(tunnel)
    })
    tunnel.on('error', () => socket.destroy())
    socket.on('error', () => tunnel.destroy())
  })
  origin = createServer((request, response) => response.end(`${request.headers.host}${request.url}`))
  await new Promise<void>((done) => origin.listen(0, '127.0.0.1', done))
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
})
afterEach(() => {
  setGlobalDispatcher(before)
  asked.splice(0)
})
afterAll(() => {
  for (const server of [proxy, origin]) {
    server.closeAllConnections()
    server.close()
  }
})

const ask = (url: string) => fetch(url).catch((thrown: unknown) => thrown)

describe('useProxyOfEnvironment', () => {
  it.each(['HTTPS_PROXY', 'https_proxy'])('asks the proxy of %s, with its password', async (name) => {
    expect(await useProxyOfEnvironment({ [name]: `http://ada:secret@${address}` })).toBe(name)
    expect(await ask('https://data.example/train.gz')).toBeInstanceOf(Error)
    expect(asked).toEqual([`CONNECT data.example:443 Basic ${Buffer.from('ada:secret').toString('base64')}`])
  })

  it('gets what is behind the proxy', async () => {
    await useProxyOfEnvironment({ HTTP_PROXY: `http://${address}` })
    const response = await fetch('http://data.example/train.gz')
    expect(await response.text()).toBe('data.example/train.gz')
    expect(asked).toEqual(['CONNECT data.example:80'])
  })

  it('asks hosts of NO_PROXY and this machine itself', async () => {
    const env = {
      HTTPS_PROXY: `http://${address}`,
      HTTP_PROXY: `http://${address}`,
      NO_PROXY: 'data.invalid',
    }
    await useProxyOfEnvironment(env)
    expect(await ask('https://data.invalid/train.gz')).toBeInstanceOf(Error)
    expect(asked).toEqual([])
    expect(await ask(`http://${address}/api/v1/health`)).toMatchObject({ status: 200 })
    expect(asked).toEqual(['GET /api/v1/health'])
    expect(await ask('https://other.invalid/train.gz')).toBeInstanceOf(Error)
    expect(asked[1]).toBe('CONNECT other.invalid:443')
  })

  it('leaves fetch alone where there is no proxy, or none for anybody', async () => {
    expect(await useProxyOfEnvironment({})).toBeUndefined()
    expect(await useProxyOfEnvironment({ HTTPS_PROXY: '' })).toBeUndefined()
    expect(await useProxyOfEnvironment({ HTTPS_PROXY: `http://${address}`, NO_PROXY: '*' })).toBeUndefined()
    expect(getGlobalDispatcher()).toBe(before)
  })

  it.each(['proxy.example:3128:x', 'socks5://proxy.example', '//ada:secret@x'])(
    'refuses %s without repeating it',
    async (url) => {
      const refused = await useProxyOfEnvironment({ HTTPS_PROXY: url }).catch((thrown: unknown) => thrown)
      expect(refused).toMatchObject({ code: 'bad-input', path: 'HTTPS_PROXY' })
      expect(JSON.stringify(refused)).not.toContain('proxy.example')
      expect(String(refused)).not.toContain('secret')
    },
  )
})
