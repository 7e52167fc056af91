import type { IncomingMessage, ServerResponse } from 'node:http'
import { expect, it } from 'vitest'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void

async function asking(handle: Handle): Promise<(path: string) => Promise<Answer>> {
  const { askInProcess } = await import(
    /* @vite-ignore */ new URL('../bin/ask-in-process.js', import.meta.url).href
  )
  return askInProcess(handle, 'localhost')
}

it('asks a handler as a client does', async () => {
  const ask = await asking(({ url }, response) => response.writeHead(201, { 'x-a': 'b' }).end(url))
  const { status, headers, body } = await ask('/x?y=z')
  expect([status, headers['x-a'], body.toString()]).toEqual([201, 'b', '/x?y=z'])
})

it.each<[string, string, Handle]>([
  ['the server takes no such request', 'no-path', (_, response) => response.end()],
  ['the handler hangs up before its answer', '/', (_, response) => response.destroy()],
  [
    'the handler hangs up within its answer',
    '/',
    (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half')
      setImmediate(() => response.destroy())
    },
  ],
])('fails, and does not wait for ever, where %s', async (_, path, handle) => {
  const ask = await asking(handle)
  await expect(ask(path)).rejects.toThrow()
})
