import type { BegunRun, WithdrawnEntry } from '@mate-bench/store'
import { BegunRuns } from '../ledger/begun-runs.tsx'
import { Section } from '../section.tsx'

interface TombstoneProps {
  readonly entry: WithdrawnEntry
  readonly begun: readonly BegunRun[]
}

/** What stays of an entry of which every run was withdrawn: what it was, and why it is gone. */
export function Tombstone({ entry, begun }: TombstoneProps) {
  const { name, method, backbone, dataset } = entry
  const withdrawn = begun.filter(({ standing }) => standing === 'withdrawn')
  return (
    <>
      <p className="text-soft">{dataset} / entry</p>
      <h1 className="mt-1">{name}</h1>
      <p className="mt-1.5 text-soft">
        <a className="link" href={`/methods/${method}`}>
          {method}
        </a>{' '}
        on {backbone}
      </p>
      <div className="card mt-4 border-bad p-4" role="note">
        <p>
          <strong className="text-bad">Withdrawn</strong>: all of its runs were withdrawn, so it is in no
          table. Everything published about them stays on their pages.
        </p>
        <ul className="mt-2 space-y-1">
          {withdrawn.map(({ runId, seed, reason }) => (
            <li key={runId}>
              <a className="link" href={`/runs/${runId}`}>
                seed {seed}
              </a>
              : “{reason}”
            </li>
          ))}
        </ul>
      </div>
      <Section
        id="ledger"
        title="Runs started"
        note="From the ledger, where runs are registered before they train."
      >
        <BegunRuns begun={begun} />
      </Section>
    </>
  )
}
