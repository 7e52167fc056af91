import { isOpenDispute, type RunDetail, type VerdictSummary } from '@mate-bench/store'
import { dateTime, duration, percent } from '../../view/numbers.ts'
import { tierEvidence } from '../../view/tier-evidence.ts'
import { DataTable } from '../data-table.tsx'

interface RunTableProps {
  /** Those that count. */
  readonly runs: readonly RunDetail[]
  /** Further runs of seeds that are there already. */
  readonly repeats: readonly RunDetail[]
  /** Runs of seeds behind a gap. */
  readonly waiting: readonly RunDetail[]
  /** How checks of any of these ended, newest first. */
  readonly verdicts: readonly VerdictSummary[]
}

const marks = {
  repeat: { text: 'repeat', title: 'Its seed already has a run, so this one is not counted' },
  waiting: {
    text: 'waiting',
    title: 'Seeds count from 1 without a gap: this run counts once the seeds before it are published',
  },
} as const

/** Top-1 in percent of every exit of each run, so that seeds can be told from one another. */
export function RunTable({ runs, repeats, waiting, verdicts }: RunTableProps) {
  const own = (id: string) => verdicts.filter(({ runId }) => runId === id)
  const rows = [
    ...runs.map((run) => ({ run, mark: undefined })),
    ...repeats.map((run) => ({ run, mark: marks.repeat })),
    ...waiting.map((run) => ({ run, mark: marks.waiting })),
  ]
  const exits = runs[0]?.manifest.model.exits ?? []
  return (
    <div className="card">
      <DataTable
        label="Runs"
        columns={[
          'Run',
          { number: 'Seed' },
          ...exits.map(({ k }) => ({ number: `Exit ${k} (%)` })),
          { number: 'Ensemble (%)' },
          'Backend',
          { number: 'Wall time' },
          'Tier',
          'Published',
        ]}
      >
        {rows.map(
          ({ run: { id, seed, manifest, backend, wallSeconds, tier, synthetic, publishedAt }, mark }) => (
            <tr key={id}>
              <th scope="row">
                <a className="link font-mono text-[0.85em]" href={`/runs/${id}`}>
                  {id}
                </a>
                {mark ? (
                  <span className="tag ml-2" title={mark.title}>
                    {mark.text}
                  </span>
                ) : null}
              </th>
              <td className="num">{seed}</td>
              {manifest.results.exits.map(({ k, top1 }) => (
                <td key={k} className="num">
                  {percent(top1)}
                </td>
              ))}
              <td className="num">{percent(manifest.results.ensemble.top1)}</td>
              <td>{backend}</td>
              <td className="num">{duration(wallSeconds)}</td>
              <td>
                {tier}
                {own(id).some(isOpenDispute) ? <span className="tag ml-2 text-bad">disputed</span> : null}
                {synthetic || (tier === 'reported' && own(id).length === 0) ? null : (
                  <span className="block max-w-[42ch] whitespace-normal text-[0.85rem] text-soft">
                    {tierEvidence(tier, own(id))}
                  </span>
                )}
              </td>
              <td>{dateTime(publishedAt.toISOString())}</td>
            </tr>
          ),
        )}
      </DataTable>
    </div>
  )
}
