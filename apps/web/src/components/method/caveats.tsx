import type { PublishedResult } from '@mate-bench/store'

/** What must be known before comparing printed numbers, once each. */
export function Caveats({ results }: { results: readonly PublishedResult[] }) {
  const caveats = [...new Set(results.flatMap((result) => result.caveats))]
  if (caveats.length === 0) return null
  return (
    <ul className="mt-3 max-w-[92ch] list-disc space-y-1 pl-5 text-[0.92rem] text-soft">
      {caveats.map((caveat) => (
        <li key={caveat}>{caveat}</li>
      ))}
    </ul>
  )
}
