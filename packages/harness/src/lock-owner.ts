import { closeSync, fstatSync, openSync, readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError } from '@mate-bench/schema'
import { z } from 'zod'
import { beatMilliseconds } from './lock-beat.ts'

const ownerSchema = z.object({
  pid: z.int().min(1),
  host: z.string(),
  /** Start of the process in clock ticks since boot (Linux), so that a recycled pid is told apart. */
  born: z.string(),
  /** This start of the kernel, and its set of process numbers (Linux): in another set, the same number is another process. */
  boot: z.string().default(''),
  processes: z.string().default(''),
})

/** Who holds a lock. */
export type LockOwner = z.output<typeof ownerSchema>

/** Lock whose owner is in another container of the same kernel: dead when it was silent for so long. */
const silenceHere = 5 * beatMilliseconds
/** On another machine: a network's disk may tell of a beat a minute late. */
const silenceElsewhere = 90 * beatMilliseconds
/** Beyond any difference of two machines' clocks that is worth a thought. */
const longSilence = 600 * beatMilliseconds
/** However old a lock looks, a beat is waited for: two machines' clocks may differ. */
const leastWatch = 2.5 * beatMilliseconds

/** This process. */
export function describeOwner(): LockOwner {
  return {
    pid: process.pid,
    host: hostname(),
    born: born(process.pid),
    boot: readText('/proc/sys/kernel/random/boot_id'),
    processes: processes(),
  }
}

/** Undefined for what is no lock, such as one that was cut off. */
export function parseOwner(content: string): LockOwner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(content))
  } catch {
    return undefined
  }
}

/** Opened anew each time: a network's disk then asks its server instead of telling what it remembers. */
export function readLock(path: string): { content: string; renewedAt: number } | undefined {
  try {
    const file = openSync(path, 'r')
    try {
      return { content: readFileSync(file, 'utf8'), renewedAt: fstatSync(file).mtimeMs }
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

export interface WatchOptions {
  /** Told once, with its owner, where it takes some time to see whether that one is alive. */
  readonly onWaiting?: ((owner: LockOwner) => void) | undefined
  /** Fires to stop waiting. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Whether the owner of the lock at `path` is alive: seen at once where its process is one of ours, and otherwise by the
 * beat of its lock, which takes up to a minute and a half.
 *
 * @throws BenchError `interrupted`
 */
export async function isAlive(
  path: string,
  owner: LockOwner,
  { onWaiting, signal }: WatchOptions,
): Promise<boolean> {
  if (isVisible(owner)) return isRunning(owner)
  const silence = isSameKernel(owner) ? silenceHere : silenceElsewhere
  const first = readLock(path)
  if (!first) return false
  onWaiting?.(owner)
  const began = performance.now()
  for (;;) {
    await sleep(beatMilliseconds / 4, undefined, signal ? { signal } : {}).catch(() => {
      const message = 'Stopped while it waited for the lock of another process.'
      throw new BenchError({ code: 'interrupted', message, path })
    })
    const now = readLock(path)
    if (!now) return false
    if (now.renewedAt !== first.renewedAt || now.content !== first.content) return true
    const watched = performance.now() - began
    if (watched >= silence) return false
    if (watched >= leastWatch && Date.now() - first.renewedAt >= silence) return false
  }
}

/** What can be said at once: false for an owner of which only time would tell. */
export function isKnownDead(owner: LockOwner, renewedAt: number): boolean {
  return isVisible(owner) ? !isRunning(owner) : Date.now() - renewedAt > longSilence
}

function isSameKernel({ boot }: LockOwner): boolean {
  return boot !== '' && boot === describeOwner().boot
}

/** Whether its process number means the same here. */
function isVisible(owner: LockOwner): boolean {
  if (owner.boot === '') return owner.host === hostname()
  return isSameKernel(owner) && owner.processes === processes()
}

function isRunning(owner: LockOwner): boolean {
  try {
    process.kill(owner.pid, 0)
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
  return owner.born === born(owner.pid) && owner.born !== 'zombie'
}

/** Start time from /proc; empty where there is none. A zombie answers signals but works no more. */
function born(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? 'zombie' : (fields[19] ?? '')
}

function processes(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}
