import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, expect, it } from 'vitest'
import { embeddedStatus, launchEmbedded, stopEmbedded } from './launch.ts'
import { joinEmbedded } from './session.ts'

const place = mkdtempSync(join(tmpdir(), 'mate-bench-session-'))
// As root, the database runs as an unprivileged user, who must be able to enter.
chmodSync(place, 0o755)
const folder = join(place, 'postgres')
const isRunning = () => embeddedStatus({ folder }).running
afterAll(async () => {
  await stopEmbedded({ folder })
  rmSync(place, { recursive: true, force: true })
})

it('stops the server that it started, but not under others', async () => {
  const alone = await joinEmbedded({ folder })
  expect(await alone.leave()).toBe(true)
  expect(isRunning()).toBe(false)

  const starter = await joinEmbedded({ folder })
  const second = await joinEmbedded({ folder })
  expect(await starter.leave()).toBe(false)
  expect(isRunning()).toBe(true)
  // It started nothing, so it has nothing to stop.
  expect(await second.leave()).toBe(true)
  expect(isRunning()).toBe(true)
})

it('sees whatever program is connected, and minds no server that has gone', async () => {
  await stopEmbedded({ folder })
  const starter = await joinEmbedded({ folder })
  const { url } = await launchEmbedded({ folder })
  const worker = new pg.Client({ connectionString: url })
  await worker.connect()
  expect(await starter.leave()).toBe(false)
  await worker.end()

  await stopEmbedded({ folder })
  const orphan = await joinEmbedded({ folder })
  await stopEmbedded({ folder })
  const later = await joinEmbedded({ folder })
  expect(await orphan.leave()).toBe(true)
  expect(isRunning()).toBe(true)
  expect(await later.leave()).toBe(true)
  expect(isRunning()).toBe(false)
})

it('stops what was started again in the place of its own, once nobody uses it', async () => {
  await stopEmbedded({ folder })
  const starter = await joinEmbedded({ folder })
  // As where the server is killed under a site, which starts it again.
  await stopEmbedded({ folder })
  await launchEmbedded({ folder })
  expect(await starter.leave()).toBe(true)
  expect(isRunning()).toBe(false)
})
