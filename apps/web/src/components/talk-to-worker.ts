/** What a worker says first: what is sent before its program listens would be lost. */
export const ready = 'ready'

interface Talk<Order> {
  send(order: Order): void
  end(): void
}

/**
 * Orders to a worker, which wait until it is ready, and news of it.
 * @param lost told where its program can't be loaded, or breaks off; what happened follows the program's name in a sentence
 */
export function talkToWorker<Order, News>(
  worker: Worker,
  tell: (news: News) => void,
  lost: (happened: string) => void,
): Talk<Order> {
  let waiting: Order[] | undefined = []
  let hasEnded = false
  worker.onmessage = ({ data }: MessageEvent<News | typeof ready>) => {
    if (hasEnded) return
    if (data !== ready) {
      tell(data)
      return
    }
    for (const order of waiting ?? []) worker.postMessage(order)
    waiting = undefined
  }
  worker.onerror = (event) => {
    // What is ended while it loads still fails, with the scripts that no longer come: nobody waits for it.
    if (hasEnded) event.preventDefault()
    else lost(`${waiting ? 'could not be loaded' : 'broke off'}${reasonOf(event)}`)
  }
  return {
    send(order) {
      if (waiting) waiting.push(order)
      else worker.postMessage(order)
    },
    end() {
      hasEnded = true
      worker.terminate()
    },
  }
}

/** `: TypeError: x is null.`; a full stop alone where the browser gives no reason, as for a script that is not there. */
function reasonOf({ message }: { readonly message?: string }): string {
  const reason = message?.replace(/^Uncaught /, '').replace(/\.$/, '')
  return reason ? `: ${reason}.` : '.'
}
