import type { Runner } from 'graphile-worker'

/** Calls `stop` once when the queue has nothing for any of the runner's workers and none is at work. */
export function stopWhenIdle({ events }: Pick<Runner, 'events'>, stop: () => void): void {
  let active = 0
  let stopped = false
  events.on('job:start', () => {
    active++
  })
  events.on('job:complete', () => {
    active--
  })
  events.on('worker:getJob:empty', () => {
    if (active > 0 || stopped) return
    stopped = true
    stop()
  })
}
