import { useEffect, useRef, useState } from 'react'
import { talkToWorker } from '../talk-to-worker.ts'
import type { CheckNews, CheckOrder } from './check-messages.ts'
import type { CheckedSpec } from './check-spec.ts'

/** After the last key. */
const pauseMilliseconds = 250

interface SpecCheckState {
  /** Of the text or, until that is checked, of the one before. */
  readonly checked: CheckedSpec | 'unloadable'
  readonly isCurrent: boolean
}

/**
 * Checks a text while it is written, in a worker: the schema brings every method and backbone with it, and a slow phone takes a
 * second to load them. The worker starts with the first change.
 *
 * @param initial the text that the page came with, which the server has checked
 */
export function useSpecCheck(
  text: string,
  initial: { readonly text: string; readonly checked: CheckedSpec },
): SpecCheckState {
  const [check, setCheck] = useState<{ of: string; checked: SpecCheckState['checked'] }>({
    of: initial.text,
    checked: initial.checked,
  })
  const worker = useRef<ReturnType<typeof startWorker>>(undefined)
  const asked = useRef<CheckOrder>({ id: 0, text: initial.text })

  useEffect(() => () => worker.current?.end(), [])

  useEffect(() => {
    if (text === check.of) return
    const timer = setTimeout(() => {
      asked.current = { id: asked.current.id + 1, text }
      worker.current ??= startWorker(
        ({ id, checked }) => {
          if (id === asked.current.id) setCheck({ of: asked.current.text, checked })
        },
        () => {
          worker.current?.end()
          // The next change tries again.
          worker.current = undefined
          setCheck({ of: asked.current.text, checked: 'unloadable' })
        },
      )
      worker.current.send(asked.current)
    }, pauseMilliseconds)
    return () => clearTimeout(timer)
  }, [text, check.of])

  return { checked: check.checked, isCurrent: check.of === text }
}

function startWorker(tell: (news: CheckNews) => void, lost: () => void) {
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { type: 'module' })
  return talkToWorker<CheckOrder, CheckNews>(worker, tell, lost)
}
