import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { stopWhenIdle } from './stop-when-idle.ts'

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
