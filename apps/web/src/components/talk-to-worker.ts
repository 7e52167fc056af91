/** What a worker says first: what is sent before its program listens would be lost. */
export const ready = 'ready'

interface Talk<Order> {
  send(order: Order): void
  end(): void
}

/**
 * Orders to a worker, which wait until it is ready, and news of it.
 * @param lost told where its program can't be loaded, or breaks off
 */
export function talkToWorker<Order, News>(
  worker: Worker,
  tell: (news: News) => void,
  lost: () => void,
): Talk<Order> {
  let waiting: Order[] | undefined = []
  worker.onmessage = ({ data }: MessageEvent<News | typeof ready>) => {
    if (data !== ready) {
      tell(data)
      return
    }
    for (const order of waiting ?? []) worker.postMessage(order)
    waiting = undefined
  }
  worker.onerror = (event) => {
    event.preventDefault()
    lost()
  }
  return {
    send(order) {
      if (waiting) waiting.push(order)
      else worker.postMessage(order)
    },
    end: () => worker.terminate(),
  }
}
