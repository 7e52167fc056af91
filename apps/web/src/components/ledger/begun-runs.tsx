import type { BegunRun } from '@mate-bench/store'
import { begunText, missingList, missingRuns } from '../../view/begun-runs.ts'

/** Every run of an entry that was ever begun: nothing that was left out stays unseen. */
export function BegunRuns({ begun }: { begun: readonly BegunRun[] }) {
  const missing = missingRuns(begun)
  const withdrawn = begun.filter(({ standing }) => standing === 'withdrawn')
  const told = [...new Set([...missing, ...withdrawn])]
  return (
    <div className="card px-4 py-3.5">
      <p>{begunText(begun) ?? 'The ledger knows no run of it: it was published before there was one.'}</p>
      {missing.length > 0 ? (
        <p className="mt-1 text-bad">Begun and not published: {missingList(missing)}.</p>
      ) : null}
      {told.length > 0 ? (
        <ul className="mt-2 space-y-1">
          {told.map(({ runId, seed, standing, reason }) => (
            <li key={runId}>
              seed {seed}, <code>{runId}</code>: {standing}
              {reason === null ? null : <span className="text-soft"> ({reason})</span>}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
