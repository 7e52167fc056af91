'use client'

import { useEffect } from 'react'

const pauseMilliseconds = 200

/**
 * Writes a query into the address a moment after its last change: browsers refuse to be told a hundred times in a few
 * seconds, as a slider would. Not the router's address: nothing is to be fetched for it.
 *
 * @param query undefined leaves the address alone
 */
export function useAddress(query: string | undefined): void {
  useEffect(() => {
    if (query === undefined) return
    const write = () => {
      try {
        window.history.replaceState(null, '', query)
      } catch {
        // Refused for now: the setting still holds, and the next change is written again.
      }
    }
    const timer = setTimeout(write, pauseMilliseconds)
    window.addEventListener('pagehide', write)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pagehide', write)
    }
  }, [query])
}
