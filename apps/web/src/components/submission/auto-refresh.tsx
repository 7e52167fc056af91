'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState, useTransition } from 'react'

interface AutoRefreshProps {
  /** Below `/api/v1`: asked first, since the router leaves the page when it does not get one. */
  readonly path: string
  readonly seconds: number
  /** `change`: only where another answer comes than before. */
  readonly on: 'change' | 'answer'
}

/** Refreshes the page every few seconds while it is visible; leaves it as it is if the server does not answer. */
export function AutoRefresh({ path, seconds, on }: AutoRefreshProps) {
  const router = useRouter()
  const [isRefreshing, startRefresh] = useTransition()
  const [isLost, setLost] = useState(false)
  const seen = useRef<string>(undefined)

  useEffect(() => {
    if (isRefreshing) return
    const stop = new AbortController()
    const { signal } = stop
    const poll = async () => {
      if (document.hidden) {
        document.addEventListener('visibilitychange', poll, { once: true, signal })
        return
      }
      const answer = await answerOf(path, signal)
      if (signal.aborted) return
      setLost(answer === undefined)
      if (answer === undefined || (on === 'change' && answer === seen.current)) {
        timer = setTimeout(poll, 1000 * seconds)
      } else {
        seen.current = answer
        // Polled again when the new page is here.
        startRefresh(() => router.refresh())
      }
    }
    let timer = setTimeout(poll, 1000 * seconds)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [router, path, seconds, on, isRefreshing])

  return (
    <p role="status" className="card mb-4 p-3 text-bad empty:hidden">
      {isLost
        ? 'The server does not answer. This page shows the last state that it received, and keeps trying.'
        : null}
    </p>
  )
}

/** The text of an answer; undefined where there is none, or a refusal. */
async function answerOf(path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(`/api/v1${path}`, { cache: 'no-store', signal })
    return response.ok ? await response.text() : undefined
  } catch {
    return undefined
  }
}
