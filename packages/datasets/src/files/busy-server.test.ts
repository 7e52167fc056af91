import { describe, expect, it, vi } from 'vitest'
import { pauseBeforeAskingAgain } from './busy-server.ts'

const answer = (status: number, retryAfter?: string) => ({
  status,
  headers: new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
})

describe('pauseBeforeAskingAgain', () => {
  it('doubles, and comes to an end', () => {
    expect([1, 2, 3, 4].map((asked) => pauseBeforeAskingAgain(answer(503), asked))).toEqual([
      1000,
      2000,
      4000,
      undefined,
    ])
  })

  it('is what the server asks for, in seconds or as a date, unless that is too long', () => {
    vi.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') })
    try {
      expect(pauseBeforeAskingAgain(answer(429, '7'), 1)).toBe(7000)
      expect(pauseBeforeAskingAgain(answer(503, 'Thu, 01 Jan 2026 00:00:05 GMT'), 1)).toBe(5000)
      expect(pauseBeforeAskingAgain(answer(503, 'Wed, 31 Dec 2025 00:00:00 GMT'), 1)).toBe(0)
      expect(pauseBeforeAskingAgain(answer(503, '3600'), 1)).toBeUndefined()
      expect(pauseBeforeAskingAgain(answer(503, 'soon'), 1)).toBe(1000)
    } finally {
      vi.useRealTimers()
    }
  })

  it.each([200, 206, 301, 400, 401, 403, 404, 409, 416, 501])('is none for %d', (status) => {
    expect(pauseBeforeAskingAgain(answer(status), 1)).toBeUndefined()
  })
})
