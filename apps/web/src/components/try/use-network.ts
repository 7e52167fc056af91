import type { ExitAnswer } from '@mate-bench/harness/published-network'
import { useCallback, useEffect, useRef, useState } from 'react'
import { talkToWorker } from '../talk-to-worker.ts'
import type { BackendChoice, ChosenBackend } from './choose-backend.ts'
import type { NetworkNews, NetworkOrder, Samples, TriedRun } from './network-messages.ts'

interface Failure {
  readonly message: string
  readonly hint: string | undefined
}

interface Network {
  /** False until JavaScript runs: whoever has none waits for nothing, and what is chosen before would be taken back. */
  readonly isStarted: boolean
  /** Undefined until it is there. */
  readonly backend: ChosenBackend | undefined
  readonly samples: Samples | undefined
  readonly failure: Failure | undefined
  readonly samplesFailure: Failure | undefined
  /** Of the latest image, shallowest first: more come while it is computed. */
  readonly answers: readonly ExitAnswer[]
  answer(bytes: Uint8Array): void
  /** Takes the image away. */
  clear(): void
}

/** A published network in a worker, which is restarted when another backend is chosen. */
export function useNetwork(run: TriedRun, choice: BackendChoice): Network {
  const [isStarted, setStarted] = useState(false)
  const [backend, setBackend] = useState<ChosenBackend>()
  const [samples, setSamples] = useState<Samples>()
  const [failure, setFailure] = useState<Failure>()
  const [samplesFailure, setSamplesFailure] = useState<Failure>()
  const [answers, setAnswers] = useState<readonly ExitAnswer[]>([])
  const worker = useRef<{ send(order: NetworkOrder): void }>(undefined)
  const latest = useRef<{ readonly id: number; readonly bytes: Uint8Array }>(undefined)
  const images = useRef(0)

  useEffect(() => {
    setStarted(true)
    setBackend(undefined)
    setFailure(undefined)
    setAnswers([])
    const hear = (news: NetworkNews) => {
      if (news.type === 'opened') setBackend(news.backend)
      else if (news.type === 'samples') setSamples(news.samples)
      else if (news.type === 'failed') (news.what === 'network' ? setFailure : setSamplesFailure)(news)
      else if (news.id === latest.current?.id) setAnswers((before) => [...before, news.answer])
    }
    const lost = (happened: string) => {
      setFailure({
        message: `The program that runs the network ${happened}`,
        hint: 'Reload the page to try again.',
      })
    }
    const started = new Worker(new URL('./network-worker.ts', import.meta.url), { type: 'module' })
    const talk = talkToWorker<NetworkOrder, NetworkNews>(started, hear, lost)
    worker.current = talk
    talk.send({ type: 'open', run, backend: choice })
    if (latest.current) talk.send({ type: 'answer', ...latest.current })
    return talk.end
  }, [run, choice])

  const answer = useCallback((bytes: Uint8Array) => {
    latest.current = { id: ++images.current, bytes }
    setAnswers([])
    worker.current?.send({ type: 'answer', ...latest.current })
  }, [])
  const clear = useCallback(() => {
    latest.current = undefined
    setAnswers([])
  }, [])
  return { isStarted, backend, samples, failure, samplesFailure, answers, answer, clear }
}
