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

  it('stops at the first signal and kills at a later one', () => {
    process.emit('SIGINT')
    expect([signals.stop.aborted, signals.kill.aborted]).toEqual([true, false])
    vi.advanceTimersByTime(2000)
    process.emit('SIGTERM')
    expect(signals.kill.aborted).toBe(true)
    expect(onStop).toHaveBeenCalledTimes(1)
  })

  it('takes a signal that comes twice at once for one', () => {
    process.emit('SIGINT')
    process.emit('SIGINT')
    expect(signals.kill.aborted).toBe(false)
  })

  it('listens no more once closed', () => {
    const before = process.listenerCount('SIGINT')
    signals.close()
    expect(process.listenerCount('SIGINT')).toBe(before - 1)
  })
})
