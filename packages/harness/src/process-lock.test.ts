import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { describeOwner, type LockOwner } from './lock-owner.ts'
import { lockByProcess } from './process-lock.ts'

const lockPath = () => join(temporaryFolder(), 'run.lock')

function writeLock(path: string, change: Partial<Record<keyof LockOwner, unknown>>, secondsOld = 0): void {
  writeFileSync(path, JSON.stringify({ ...describeOwner(), ...change }))
  const at = Date.now() / 1000 - secondsOld
  utimesSync(path, at, at)
}

const free = async (path: string) => (await lockByProcess(path, 'the run x')).release()

it('lets one holder in and names it to the others', async () => {
  const path = lockPath()
  const lock = await lockByProcess(path, 'the run x')
  await expect(lockByProcess(path, 'the run x')).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`${process.pid} on ${hostname()}`),
  })
  lock.release()
  await free(path)
  expect(existsSync(path)).toBe(false)
})

it('is free again as soon as its holder was killed', async () => {
  const path = lockPath()
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  writeLock(path, { pid: holder.pid, born: born(holder.pid) })
  await expect(lockByProcess(path, 'the run x')).rejects.toMatchObject({ code: 'conflict' })
  holder.kill('SIGKILL')
  await once(holder, 'close')
  await free(path)
})

it('does not take a recycled process number, one that is none, or a file that is no lock, for a holder', async () => {
  const path = lockPath()
  for (const owner of [{ born: 'another start' }, { pid: 0 }, { pid: -1 }, { pid: 1.5 }, { pid: '1' }]) {
    writeLock(path, owner)
    await free(path)
  }
  for (const content of ['', '{', 'null', '[]']) {
    writeFileSync(path, content)
    await free(path)
  }
})

it('notices that it was taken away, and lets the new one be', async () => {
  const path = lockPath()
  const lock = await lockByProcess(path, 'the run x')
  expect(lock.state()).toBe('held')
  writeLock(path, { host: 'elsewhere' })
  const another = readFileSync(path, 'utf8')
  expect(lock.state()).toBe('taken')
  lock.release()
  expect(readFileSync(path, 'utf8')).toBe(another)
})

// Neither can be seen from here: a process of another machine, one of another container on this machine.
const unseen = { machine: { host: 'elsewhere', boot: 'another' }, container: { processes: 'pid:[1]' } }

it.each(['machine', 'container'] as const)(
  'lets the lock of a living process in another %s be',
  async (where) => {
    const path = lockPath()
    writeLock(path, unseen[where])
    const beat = setInterval(() => utimesSync(path, new Date(), new Date()), 200)
    const onWaiting = vi.fn()
    try {
      await expect(lockByProcess(path, 'the run x', { onWaiting })).rejects.toMatchObject({
        code: 'conflict',
      })
      expect(onWaiting).toHaveBeenCalledOnce()
    } finally {
      clearInterval(beat)
    }
  },
)

it.each(['machine', 'container'] as const)(
  'takes the lock of a process in another %s that fell silent',
  async (where) => {
    const path = lockPath()
    writeLock(path, unseen[where], 600)
    await free(path)
  },
)

it('stops waiting when it is told to', async () => {
  const path = lockPath()
  writeLock(path, unseen.machine)
  const signal = AbortSignal.timeout(100)
  await expect(lockByProcess(path, 'the run x', { signal })).rejects.toMatchObject({ code: 'interrupted' })
})

it('is renewed while it is held, though the event loop is blocked, and keeps no process alive', async () => {
  const path = lockPath()
  const script = `
    import { lockByProcess } from ${JSON.stringify(join(import.meta.dirname, 'process-lock.ts'))}
    import { statSync, utimesSync } from 'node:fs'
    const path = process.argv[1]
    await lockByProcess(path, 'the run x')
    utimesSync(path, 1, 1)
    const end = performance.now() + 10_000
    while (statSync(path).mtimeMs === 1000 && performance.now() < end);
    console.log(statSync(path).mtimeMs > 1000)`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  const [code] = await once(child, 'close')
  expect({ code, printed }).toEqual({ code: 0, printed: 'true\n' })
  await free(path)
})

function born(pid: number | undefined): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
