import { useCallback, useEffect, useRef, useState } from 'react'
import { noTraining, type TrainingProgress, withNews } from '../../view/training-progress.ts'
import { talkToWorker } from '../talk-to-worker.ts'
import type { BackendChoice } from './choose-backend.ts'
import type { TrainingNews, TrainingOrder } from './training-messages.ts'

/** How often the page is drawn again while it trains: a step may take less. */
const drawMilliseconds = 200

/** How long a step may go on after Stop: one of a wide network takes minutes. */
const patienceMilliseconds = 1000

interface Training {
  /** False until JavaScript runs. */
  readonly isStarted: boolean
  readonly progress: TrainingProgress
  start(text: string, backend: BackendChoice): void
  /** Ends after the current step, or in the midst of a long one; what was trained until then is shown and not kept. */
  stop(): void
}

/**
 * A training in a worker, which is started with the first training and ends with the page, or with a training that failed: its
 * backend may be lost.
 */
export function useTraining(): Training {
  const [isStarted, setStarted] = useState(false)
  const [progress, setProgress] = useState(noTraining)
  const worker = useRef<ReturnType<typeof startWorker>>(undefined)
  const news = useRef<TrainingNews[]>([])
  /** The training that is under way. */
  const running = useRef<object>(undefined)

  useEffect(() => {
    setStarted(true)
    const timer = setInterval(() => {
      const told = news.current.splice(0)
      if (told.length > 0) setProgress((before) => withNews(before, told))
    }, drawMilliseconds)
    return () => {
      clearInterval(timer)
      worker.current?.end()
    }
  }, [])

  const breakOff = useCallback(() => {
    running.current = undefined
    worker.current?.end()
    worker.current = undefined
  }, [])
  const start = useCallback(
    (text: string, backend: BackendChoice) => {
      news.current = []
      running.current = {}
      setProgress({ ...noTraining, stage: 'images' })
      worker.current ??= startWorker((told) => {
        news.current.push(told)
        if (told.type === 'trained' || told.type === 'stopped') running.current = undefined
        if (told.type === 'failed') breakOff()
      })
      worker.current.send({ type: 'train', text, backend })
    },
    [breakOff],
  )
  const stop = useCallback(() => {
    const stopping = running.current
    if (stopping === undefined) return
    worker.current?.send({ type: 'stop' })
    setTimeout(() => {
      if (running.current !== stopping) return
      breakOff()
      news.current.push({ type: 'stopped' })
    }, patienceMilliseconds)
  }, [breakOff])
  return { isStarted, progress, start, stop }
}

function startWorker(tell: (news: TrainingNews) => void) {
  const worker = new Worker(new URL('./training-worker.ts', import.meta.url), { type: 'module' })
  return talkToWorker<TrainingOrder, TrainingNews>(worker, tell, (happened) => {
    const message = `The program that trains ${happened}`
    tell({ type: 'failed', message, hint: 'Check the connection, and train again.' })
  })
}
