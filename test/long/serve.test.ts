import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { embeddedStatus, stopEmbedded } from '@mate-bench/store'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { type StartedProgram, startProgram } from '../support/start-program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// Builds the site where nobody has.
vi.setConfig({ testTimeout: 600_000 })

/** `npm start`, with a database of its own. */

const place = temporaryFolder()
const folder = join(place, 'postgres')
const programs: StartedProgram[] = []

afterEach(async () => {
  for (const { child, ended } of programs.splice(0)) {
    child.kill('SIGTERM')
    await ended
  }
})
afterAll(async () => {
  await stopEmbedded({ folder })
})

async function serve(port: number) {
  const program = startProgram(['serve', '--no-results', '--port', String(port)], {
    DATABASE_URL: '',
    POSTGRES_URL: '',
    MATE_BENCH_DB: folder,
    MATE_BENCH_ARTIFACTS: join(place, 'artifacts'),
  })
  programs.push(program)
  const [address] = await program.says(/http:\/\/localhost:\d+/)
  return { program, address }
}

/** What the server answers to a request that is written by hand. */
async function send(port: number, line: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return answer
}

/** Sends a byte of a body a second until the server ends the connection. */
async function trickle(port: number, path: string): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  const length = 'Content-Type: application/json\r\nContent-Length: 100000'
  socket.on('error', () => {})
  socket.resume()
  socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${length}\r\n\r\n`)
  const timer = setInterval(() => socket.write(' '), 1000)
  await once(socket, 'close')
  clearInterval(timer)
}

const ready = async (address: string) => (await fetch(`${address}/api/v1/ready`)).status

it('serves on the next port where the wished one is taken, and Ctrl-C stops site and database', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port: taken } = other.address() as AddressInfo
  const { program, address } = await serve(taken)
  expect(Number(new URL(address).port)).toBeGreaterThan(taken)
  const page = await fetch(address)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('MATE Bench')
  expect(await ready(address)).toBe(200)

  program.child.kill('SIGINT')
  expect(await program.ended, program.output()).toBe(0)
  await expect(fetch(address)).rejects.toThrow('fetch failed')
  expect(embeddedStatus({ folder })).toMatchObject({ exists: true, running: false })
  other.close()
})

it('answers addresses, methods and bodies that no browser sends, and writes no fault of its own about them', async () => {
  const { program, address } = await serve(3000)
  const port = Number(new URL(address).port)
  // A body that never ends is ended, wherever it goes.
  const slow = ['/api/v1/submissions', '/queue', '/'].map((path) => trickle(port, path))
  const get = (path: string) => send(port, `GET ${path} HTTP/1.1`)
  for (const path of ['/entries/%ff', '/runs/%c0%ae', '/specs/%', '/compare/%e0%80%af']) {
    expect(await get(path), path).toMatch(/^HTTP\/1.1 404 /)
  }
  for (const path of ['/api/v1/entries/%zz', '/api/v1/runs/%ff/manifest']) {
    expect(await get(path), path).toMatch(/^HTTP\/1.1 400 [\s\S]*application\/problem\+json/)
  }
  for (const [method, path, allow] of [
    ['TRACE', '/api/v1/entries', 'GET, HEAD'],
    ['TRACE', '/api/v1/submissions', 'GET, HEAD, POST'],
    ['PROPFIND', '/', 'GET, HEAD, OPTIONS'],
    ['TRACE', '/methods', 'GET, HEAD, OPTIONS'],
    ['PUT', '/methods', 'GET, HEAD, OPTIONS'],
  ]) {
    const answer = await send(port, `${method} ${path} HTTP/1.1`)
    expect(answer, `${method} ${path}`).toMatch(/^HTTP\/1.1 405 /)
    expect(answer).toMatch(new RegExp(`\r\nallow: ${allow}\r\n`, 'i'))
  }
  expect(await send(port, 'TRACE /api/v1/nothing HTTP/1.1')).toMatch(/^HTTP\/1.1 404 /)
  expect(await send(port, 'OPTIONS * HTTP/1.1')).toMatch(/^HTTP\/1.1 400 /)
  await Promise.all(slow)
  expect(program.output()).not.toMatch(/TypeError|URIError|DecodeError/)
})

it('stops when its terminal is closed, and leaves the database to another site', async () => {
  const first = await serve(3000)
  const second = await serve(3000)
  expect(second.address).not.toBe(first.address)
  first.program.child.kill('SIGHUP')
  expect(await first.program.ended, first.program.output()).toBe(0)
  expect(first.program.output()).toContain('other programs are connected')
  await expect(fetch(first.address)).rejects.toThrow('fetch failed')
  expect(await ready(second.address)).toBe(200)
  await stopEmbedded({ folder })
})

it('has its database back by itself after it was killed, and leaves nothing behind', async () => {
  const { program, address } = await serve(3000)
  expect(await ready(address)).toBe(200)
  const pid = () =>
    Number(readFileSync(join(folder, 'cluster/data/postmaster.pid'), 'utf8').split('\n', 1)[0])
  const before = pid()
  process.kill(before, 'SIGKILL')
  await vi.waitFor(
    async () => {
      expect((await fetch(address)).status).toBe(200)
      expect(await ready(address)).toBe(200)
    },
    { timeout: 60_000, interval: 500 },
  )
  expect(pid()).not.toBe(before)
  program.child.kill('SIGINT')
  expect(await program.ended, program.output()).toBe(0)
  expect(embeddedStatus({ folder }).running).toBe(false)
})

it('stops in order although nobody reads any more what it says', async () => {
  const { program, address } = await serve(3000)
  program.child.stdout?.destroy()
  program.child.stderr?.destroy()
  program.child.kill('SIGINT')
  expect(await program.ended).toBe(0)
  await expect(fetch(address)).rejects.toThrow('fetch failed')
  expect(embeddedStatus({ folder }).running).toBe(false)
})
