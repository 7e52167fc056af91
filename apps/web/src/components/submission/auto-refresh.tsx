'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

/** Asks the server again every few seconds while the page is looked at. */
export function AutoRefresh({ seconds }: { seconds: number }) {
  const router = useRouter()
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') router.refresh()
    }, 1000 * seconds)
    return () => clearInterval(timer)
  }, [router, seconds])
  return null
}
