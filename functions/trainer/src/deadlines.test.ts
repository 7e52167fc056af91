import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startDeadlines } from './deadlines.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function started(attemptSeconds?: number) {
  const [stop, kill] = [new AbortController(), new AbortController()]
  const said: string[] = []
  const signals = { stop: stop.signal, kill: kill.signal }
  const deadlines = startDeadlines({ signals, attemptSeconds, say: (line) => said.push(line) })
  return { stop, kill, said, deadlines }
}

describe('a trainer that is asked to stop', () => {
  it('has 25 s of the 30 s that a container has, and is then ended', () => {
    const { stop, deadlines } = started()
    vi.advanceTimersByTime(3_600_000)
    expect(deadlines.stop.aborted).toBe(false)
    stop.abort()
    expect(deadlines.stop.aborted).toBe(true)
    vi.advanceTimersByTime(24_999)
    expect(deadlines.kill.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(deadlines.kill.aborted).toBe(true)
  })

  it('is ended at once where somebody insists', () => {
    const { stop, kill, deadlines } = started()
    stop.abort()
    kill.abort()
    expect(deadlines.kill.aborted).toBe(true)
  })

  it('leaves no timer behind', () => {
    const { stop, deadlines } = started(7200)
    stop.abort()
    deadlines.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('an attempt', () => {
  it('is stopped five minutes before AWS Batch would end it for good, and says so', () => {
    const { said, deadlines } = started(7200)
    vi.advanceTimersByTime(6_899_999)
    expect(deadlines.stop.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(deadlines.stop.aborted).toBe(true)
    expect(deadlines.stop.reason).toMatchObject({
      code: 'interrupted',
      message: expect.stringContaining('its time'),
    })
    expect(said).toEqual(['this attempt may take no longer: saving the checkpoint for the next'])
    vi.advanceTimersByTime(25_000)
    expect(deadlines.kill.aborted).toBe(true)
  })
})
