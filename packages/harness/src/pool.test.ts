import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { tinySpec } from '../../../test/support/tiny-spec.ts'
import { type Job, runPool } from './pool.ts'
import { runFiles } from './run-files.ts'
import { runFolderPath } from './run-folder.ts'

const spec = tinySpec()

function job(out: string): Job {
  return { label: 'tiny seed 1', spec, seed: 1, out, backend: 'wasm', stepIntervalMilliseconds: 0 }
}

function ownerOf(out: string): number {
  const { pid } = JSON.parse(readFileSync(`${runFolderPath(out, spec, 1)}.partial.lock`, 'utf8'))
  return pid
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

it.each([runFiles.log, runFiles.metrics])(
  'tells why a run could not begin whose %s cannot be written, and its process ends',
  async (file) => {
    const out = temporaryFolder()
    mkdirSync(join(`${runFolderPath(out, spec, 1)}.partial`, file), { recursive: true })
    const [result] = await runPool([job(out)], { workers: 1 })
    expect(result?.error).toMatchObject({ code: 'storage', message: expect.stringContaining(file) })
  },
)

it('kills a process that does not stop when it is told to', async () => {
  const out = temporaryFolder()
  const stop = new AbortController()
  let pid = 0
  const [result] = await runPool([job(out)], {
    workers: 1,
    signal: stop.signal,
    stopMilliseconds: 300,
    onEvent(_, { type }) {
      if (type !== 'step' || pid !== 0) return
      pid = ownerOf(out)
      // A process that is paused hears nothing, like one whose threads never come to an end.
      process.kill(pid, 'SIGSTOP')
      stop.abort()
    },
  })
  expect(result?.error).toMatchObject({
    code: 'interrupted',
    message: 'Killed: it did not stop within 0.3 s. Its last checkpoint stays.',
  })
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false))
})

it('begins a run after those that it learns from, and not at all where one of them fails', async () => {
  const out = temporaryFolder()
  const teacher = tinySpec({ name: 'teacher', method: { name: 'joint' } })
  const student = tinySpec({ name: 'student' })
  const after = [runFolderPath(out, teacher, 1)]
  const jobs: Job[] = [
    { ...job(out), label: 'student', spec: student, after },
    { ...job(out), label: 'teacher', spec: teacher },
  ]
  mkdirSync(join(`${after[0]}.partial`, runFiles.log), { recursive: true })
  const begun: string[] = []
  const results = await runPool(jobs, { workers: 2, onBegin: ({ label }) => begun.push(label) })
  expect(begun).toEqual(['teacher'])
  expect(results.map(({ error }) => error?.code)).toEqual(['conflict', 'storage'])
  expect(results[0]?.error?.message).toContain('the run of its teacher, teacher, is not complete')
})
