import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { listenForStop, type StopSignals } from './stop-signals.ts'

describe('listenForStop', () => {
  let signals: StopSignals
  const onStop = vi.fn()
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onStop.mockClear()
    signals = listenForStop(onStop)
  })
  afterEach(() => {
    signals.close()
    vi.useRealTimers()
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'stops at a first %s and kills at a later one',
    (first) => {
      process.emit(first)
      expect([signals.stop.aborted, signals.kill.aborted]).toEqual([true, false])
      vi.advanceTimersByTime(2000)
      process.emit('SIGTERM')
      expect(signals.kill.aborted).toBe(true)
      expect(onStop).toHaveBeenCalledTimes(1)
    },
  )

  it('takes a signal that comes twice at once for one', () => {
    process.emit('SIGINT')
    process.emit('SIGINT')
    expect(signals.kill.aborted).toBe(false)
  })

  it('listens no more once closed', () => {
    const listeners = () => ['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name))
    const before = listeners()
    signals.close()
    expect(listeners()).toEqual(before.map((count) => count - 1))
  })
})
