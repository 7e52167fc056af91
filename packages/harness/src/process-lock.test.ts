import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { lockByProcess } from './process-lock.ts'

const lockPath = () => join(temporaryFolder(), 'run.lock')

it('lets one holder in and names it to the others', () => {
  const path = lockPath()
  const lock = lockByProcess(path, 'the run x')
  expect(() => lockByProcess(path, 'the run x')).toThrow(
    expect.objectContaining({
      code: 'conflict',
      message: expect.stringContaining(`${process.pid} on ${hostname()}`),
    }),
  )
  lock.release()
  lockByProcess(path, 'the run x').release()
  expect(existsSync(path)).toBe(false)
})

it('is free again as soon as its holder was killed', async () => {
  const path = lockPath()
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const stat = existsSync(`/proc/${holder.pid}/stat`)
  writeFileSync(
    path,
    JSON.stringify({ pid: holder.pid, host: hostname(), born: stat ? born(holder.pid) : '' }),
  )
  expect(() => lockByProcess(path, 'the run x')).toThrow(expect.objectContaining({ code: 'conflict' }))
  holder.kill('SIGKILL')
  await once(holder, 'close')
  lockByProcess(path, 'the run x').release()
})

it('does not take a recycled process number, or a file that is no lock, for a holder', () => {
  const path = lockPath()
  writeFileSync(path, JSON.stringify({ pid: process.pid, host: hostname(), born: 'another start' }))
  lockByProcess(path, 'the run x').release()
  writeFileSync(path, '')
  lockByProcess(path, 'the run x').release()
})

it('notices that it was taken away, and lets the new one be', () => {
  const path = lockPath()
  const lock = lockByProcess(path, 'the run x')
  expect(lock.isHeld()).toBe(true)
  const another = JSON.stringify({ pid: process.pid, host: 'elsewhere', born: '1' })
  writeFileSync(path, another)
  expect(lock.isHeld()).toBe(false)
  lock.release()
  expect(readFileSync(path, 'utf8')).toBe(another)
})

it('leaves the lock of another machine alone', () => {
  const path = lockPath()
  writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere', born: '1' }))
  expect(() => lockByProcess(path, 'the run x')).toThrow(/1 on elsewhere/)
})

function born(pid: number | undefined): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
