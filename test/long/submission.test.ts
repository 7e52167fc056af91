import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { jsonHeaders, openTestApi, type TestApi } from '../../apps/web/src/api/testing/test-api.ts'
import { startWorker } from '../support/start-worker.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

// Starts the real program: slow where a machine has much else to do.
vi.setConfig({ testTimeout: 180_000 })

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(async () => {
  await api?.close()
})

it('takes a spec over HTTP, trains it in a worker and shows the run as an entry', async () => {
  const author = await api.token(['submit'])
  const reviewer = await api.token(['approve'], { owner: 'grace' })
  const submitted = await api.request('/submissions', {
    method: 'POST',
    headers: jsonHeaders(author),
    body: JSON.stringify(tinySpec({ seeds: [7] })),
  })
  expect(submitted.status).toBe(201)
  const { id, state } = await submitted.json()
  expect(state).toBe('submitted')

  const approved = await api.request(`/submissions/${id}/approve?note=go`, {
    method: 'POST',
    headers: jsonHeaders(reviewer),
  })
  // No worker has ever made the queue: it waits as approved, and the first worker queues it.
  expect(await approved.json()).toMatchObject({ state: 'approved' })

  const worker = startWorker({
    url: api.store.url,
    artifacts: api.artifacts.where,
    runs: temporaryFolder(),
    args: ['--once'],
  })
  expect(await worker.ended, worker.output()).toBe(0)

  const finished = await (await api.request(`/submissions/${id}`)).json()
  expect(finished.state).toBe('finished')
  expect(finished.history.map((event: { toState: string }) => event.toState)).toEqual([
    'submitted',
    'approved',
    'queued',
    'running',
    'finished',
  ])
  expect(finished.history[1]).toMatchObject({ actor: 'grace', note: 'go' })
  expect(finished.progress).toMatchObject({ done: 1, runs: [{ seed: 7, state: 'published' }] })
  expect(finished.log.map((line: { line: string }) => line.line).join('\n')).toContain('seed 7: epoch 3')

  const { data: entries } = await (await api.request('/entries')).json()
  expect(entries).toEqual([expect.objectContaining({ name: 'tiny', method: 'mate', runs: 1 })])
  const entry = await (await api.request(`/entries/${entries[0].id}`)).json()
  expect(entry.runIds).toEqual(finished.runIds)
  expect(entry.exits).toHaveLength(3)

  const [runId] = finished.runIds
  const exits = await (await api.request(`/runs/${runId}/exits`)).json()
  expect(exits.data.map((exit: { k: number }) => exit.k)).toEqual([0, 1, 2, 3])
  const predictions = await (await api.request(`/runs/${runId}/predictions`)).json()
  const right = predictions.exits[2].labelRank.filter((rank: number) => rank === 0).length
  expect(right / predictions.label.length).toBe(exits.data[3].top1)
})
