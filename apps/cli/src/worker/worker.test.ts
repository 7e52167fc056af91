import { EventEmitter } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { BenchError, submissionProgressSchema } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import { foreignLock } from './foreign-lock.ts'
import { ProgressBoard } from './progress-board.ts'
import { stopWhenIdle } from './stop-when-idle.ts'
import { withoutPaths } from './without-paths.ts'

describe('withoutPaths', () => {
  it.each([
    ['The file /srv/bench/runs/sub_1/x.partial is locked.', 'The file …/x.partial is locked.'],
    ["could not open '/home/ada/data/a.gz': EACCES", "could not open '…/a.gz': EACCES"],
    ['at C:\\Users\\ada\\runs\\x (y)', 'at …/x (y)'],
    ['read https://example.org/a/b and 3/4', 'read https://example.org/a/b and 3/4'],
    ['top-1 71.2 / 80.1 / 82.5 %', 'top-1 71.2 / 80.1 / 82.5 %'],
    ['model.exits[1].after is stage9', 'model.exits[1].after is stage9'],
  ])('makes %j %j', (text, expected) => {
    expect(withoutPaths(text)).toBe(expected)
  })
})

describe('ProgressBoard', () => {
  it('tells how far all runs are, in the form that the API promises', () => {
    const board = new ProgressBoard([3, 4])
    const states = () => board.progress().runs.map(({ state }) => state)
    expect(submissionProgressSchema.parse(board.progress())).toMatchObject({ done: 0 })
    board.event(3, { type: 'started', runId: 'run_x', seed: 3, epochs: 2, stepsPerEpoch: 5 })
    board.event(3, {
      type: 'step',
      epoch: 1,
      step: 3,
      loss: 2.5,
      top1: [0.5, 0.75],
      learningRate: 0.1,
      imagesPerSecond: 100,
      tensors: 9,
    })
    const progress = submissionProgressSchema.parse(board.progress())
    expect(progress.done).toBeCloseTo((5 + 3) / 10 / 2, 12)
    expect(progress.runs[0]).toMatchObject({ seed: 3, state: 'training', loss: 2.5, top1: [0.5, 0.75] })
    board.event(3, { type: 'finished', folder: '/srv/runs/x', top1: [0.6, 0.8], wallSeconds: 5 })
    expect(states()).toEqual(['publishing', 'waiting'])
    board.publishing(3, 'published')
    expect(states()).toEqual(['published', 'waiting'])
    expect(board.progress().done).toBe(0.5)
  })

  it('keeps lines until they are taken, short and without folders', () => {
    const board = new ProgressBoard([1])
    board.say(`In /srv/runs/x: ${'y'.repeat(5000)}`)
    const [line] = board.takeLines()
    expect(line?.line).toMatch(/^In …\/x: y+$/)
    expect(line?.line).toHaveLength(2000)
    expect(board.takeLines()).toEqual([])
  })
})

describe('foreignLock', () => {
  const lockOf = (owner: string) => {
    const path = join(mkdtempSync(join(tmpdir(), 'mate-bench-lock-')), 'run.partial.lock')
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
