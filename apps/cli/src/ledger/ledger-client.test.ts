import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApiRequest, submissionSchema } from '../submit/api-client.ts'
import { createLedgerClient } from './ledger-client.ts'

// Answers without an end, as a site would that wants the program's memory.
const chunk = Buffer.alloc(1_000_000, ' ')
const server = createServer((_, response) => {
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', more)
  more()
})
let url = ''
beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

it('reads no answer further than a manifest is long', async () => {
  const tooLarge = { code: 'bad-input', message: expect.stringContaining('larger than') }
  await expect(createLedgerClient(url).head()).rejects.toMatchObject(tooLarge)
  const ask = createApiRequest(url, 'mb_0123456789ab_none')
  await expect(ask('GET', 'submissions/x', submissionSchema)).rejects.toMatchObject(tooLarge)
})
