import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import {
  approveSubmission,
  claimSubmission,
  createSubmission,
  createToken,
  getSubmission,
  type Lease,
  localQueue,
  openStore,
  queueApproved,
  type Store,
} from '@mate-bench/store'
import { openTestStore, syntheticRun, type TestStore } from '@mate-bench/store/testing'
import { ProgressBoard } from '@mate-bench/worker'
import { sql } from 'drizzle-orm'
import { runMigrations } from 'graphile-worker'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startHeartbeat } from './heartbeat.ts'

interface Network {
  /** Of the database, by way of this network. */
  readonly url: string
  /** From now on nothing arrives, and nobody is told. */
  cut(): void
  close(): void
}

async function networkTo(databaseUrl: string): Promise<Network> {
  const { hostname, port } = new URL(databaseUrl)
  const sockets: Socket[] = []
  let isCut = false
  const server = createServer((socket) => {
    const postgres = connect(Number(port), hostname)
    sockets.push(socket, postgres)
    for (const [from, to] of [
      [socket, postgres],
      [postgres, socket],
    ] as const) {
      from.on('data', (data) => isCut || to.write(data))
      from.on('close', () => to.destroy())
      from.on('error', () => to.destroy())
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: url.href,
    cut() {
      isCut = true
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

let store: TestStore
let network: Network
let remote: Store
beforeAll(async () => {
  store = await openTestStore()
  await runMigrations({ connectionString: store.url })
  network = await networkTo(store.url)
  remote = await openStore({ url: network.url })
})
afterAll(async () => {
  network?.close()
  await remote?.close()
  await store?.close()
})

async function leased(): Promise<Lease> {
  const { spec, specDigest } = syntheticRun().manifest
  const expiresAt = new Date('2100-01-01')
  const token = await createToken(store.db, { name: 'test', owner: 'ada', scopes: ['submit'], expiresAt })
  const { id } = await createSubmission(store.db, {
    spec,
    specDigest,
    totalMacs: 1,
    tokenId: token.id,
    submitter: 'ada',
  })
  await approveSubmission(store.db, localQueue, { id, actor: 'grace' })
  await queueApproved(store.db)
  const lease = { submissionId: id, worker: 'first' }
  await claimSubmission(store.db, lease)
  return lease
}

it('keeps log lines that could not be written, and writes them once the database takes them', async () => {
  const lease = await leased()
  const board = new ProgressBoard([1])
  const askedAt = performance.now()
  const heartbeat = startHeartbeat({
    db: store.db,
    lease,
    leaseSeconds: 60,
    askedAt,
    board,
    onCancel() {},
    onLost() {},
  })
  await store.db.execute(sql`alter table submission_log rename to submission_log_away`)
  board.say('said while the table was away')
  await heartbeat.close()
  await store.db.execute(sql`alter table submission_log_away rename to submission_log`)
  await startHeartbeat({
    db: store.db,
    lease,
    leaseSeconds: 60,
    askedAt,
    board,
    onCancel() {},
    onLost() {},
  }).close()
  const { log } = await getSubmission(store.db, lease.submissionId)
  expect(log.map(({ line }) => line)).toEqual(['said while the table was away'])
})

it('knows that the lease may be gone while the database neither answers nor refuses', async () => {
  const lease = await leased()
  const askedAt = performance.now()
  let tellLost = () => {}
  const lost = new Promise<void>((resolve) => {
    tellLost = resolve
  })
  let losses = 0
  const heartbeat = startHeartbeat({
    db: remote.db,
    lease,
    leaseSeconds: 2,
    askedAt,
    board: new ProgressBoard([1]),
    onCancel() {},
    onLost() {
      losses++
      tellLost()
    },
  })
  expect(heartbeat.holds()).toBe(true)
  network.cut()
  await lost
  expect(heartbeat.holds()).toBe(false)
  await heartbeat.close()
  expect(losses).toBe(1)
})
