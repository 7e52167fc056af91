import { EventEmitter } from 'node:events'
import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { foreignLock } from './foreign-lock.ts'
import { stopWhenIdle } from './stop-when-idle.ts'

describe('foreignLock', () => {
  const lockOf = (owner: string) => {
    const path = join(temporaryFolder(), 'run.partial.lock')
    writeFileSync(path, owner)
    return path
  }
  const conflict = (path: string) => new BenchError({ code: 'conflict', message: 'locked', path })

  it('finds the lock of another machine, and lets those of this one and other errors be', () => {
    const foreign = lockOf(JSON.stringify({ pid: 1, host: 'another.example', born: '1' }))
    expect(foreignLock(conflict(foreign))).toBe(foreign)
    expect(
      foreignLock(conflict(lockOf(JSON.stringify({ pid: 1, host: hostname(), born: '1' })))),
    ).toBeUndefined()
    expect(foreignLock(conflict(lockOf('{')))).toBeUndefined()
    expect(foreignLock(conflict('/nowhere/x.lock'))).toBeUndefined()
    expect(foreignLock(new BenchError({ code: 'storage', message: 'full', path: foreign }))).toBeUndefined()
    expect(foreignLock(undefined)).toBeUndefined()
  })
})

describe('stopWhenIdle', () => {
  it('stops once, when nothing waits and nothing is at work', () => {
    const events = new EventEmitter()
    let stops = 0
    // An emitter of graphile-worker's is one with typed names.
    stopWhenIdle({ events: events as Parameters<typeof stopWhenIdle>[0]['events'] }, () => stops++)
    events.emit('job:start')
    events.emit('worker:getJob:empty')
    expect(stops).toBe(0)
    events.emit('job:complete')
    events.emit('worker:getJob:empty')
    events.emit('worker:getJob:empty')
    expect(stops).toBe(1)
  })
})
