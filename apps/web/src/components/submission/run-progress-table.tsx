import type { SubmissionProgress } from '@mate-bench/schema'
import { decimal, duration, integer, percent } from '../../view/numbers.ts'
import { DataTable } from '../data-table.tsx'

/** The worker's latest word of each run. */
export function RunProgressTable({ progress }: { progress: SubmissionProgress }) {
  return (
    <div className="card">
      <DataTable
        label="Runs at work"
        caption="Runs of the submission"
        columns={[
          { number: 'Seed' },
          'State',
          'Epoch',
          { number: 'Loss' },
          'Top-1 by exit (%)',
          { number: 'Images/s' },
          { number: 'Time left' },
        ]}
      >
        {progress.runs.map((run) => (
          <tr key={run.seed}>
            <th scope="row" className="num">
              {run.seed}
            </th>
            <td>{run.state}</td>
            <td className="tabular-nums">
              {run.epochs === 0 ? '–' : `${run.epoch} of ${run.epochs}`}
              {run.state === 'training' && run.stepsPerEpoch > 0
                ? `, step ${run.step} of ${run.stepsPerEpoch}`
                : ''}
            </td>
            <td className="num">{run.loss === null ? '–' : decimal(run.loss, 3)}</td>
            <td>{run.top1.length === 0 ? '–' : run.top1.map((share) => percent(share, 1)).join(' / ')}</td>
            <td className="num">
              {run.imagesPerSecond === null ? '–' : integer(Math.round(run.imagesPerSecond))}
            </td>
            <td className="num">{run.secondsLeft === null ? '–' : duration(run.secondsLeft)}</td>
          </tr>
        ))}
      </DataTable>
    </div>
  )
}
