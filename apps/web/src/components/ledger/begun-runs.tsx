import type { BegunRun } from '@mate-bench/store'
import { begunText, missingList, missingRuns, standingWords } from '../../view/begun-runs.ts'

/** A key can begin hundreds. */
const listedAtMost = 50

/** Every run of an entry that was ever started, so that omitted runs show. */
export function BegunRuns({ begun }: { begun: readonly BegunRun[] }) {
  const missing = missingRuns(begun)
  // Anybody with a token can begin a run of this experiment: only what its makers or the site left out speaks against it.
  const own = missing.filter(({ trusted }) => trusted)
  const others = missing.filter(({ trusted }) => !trusted)
  const withdrawn = begun.filter(({ standing }) => standing === 'withdrawn')
  const told = [...new Set([...own, ...withdrawn, ...others])]
  return (
    <div className="card px-4 py-3.5">
      <p>
        {begunText(begun) ??
          'The ledger has no run of this entry, which was published before the ledger existed.'}
      </p>
      {own.length > 0 ? (
        <p className="mt-1 text-bad">Started and not published: {missingList(own)}.</p>
      ) : null}
      {others.length > 0 ? (
        <p className="mt-1">Started by others and not published: {missingList(others)}.</p>
      ) : null}
      {told.length > 0 ? (
        <ul className="mt-2 space-y-1">
          {told.slice(0, listedAtMost).map(({ runId, seed, standing, reason }) => (
            <li key={runId}>
              seed {seed}, <code>{runId}</code>: {standingWords[standing]}
              {reason === null ? null : <span className="text-soft"> ({reason})</span>}
            </li>
          ))}
          {told.length > listedAtMost ? <li>and {told.length - listedAtMost} more</li> : null}
        </ul>
      ) : null}
    </div>
  )
}
