import type { SubmissionProgress } from '@mate-bench/schema'
import { decimal, duration, integer, percent } from '../../view/numbers.ts'
import { TableScroll } from '../table-scroll.tsx'

/** The worker's latest word of each run. */
export function RunProgressTable({ progress }: { progress: SubmissionProgress }) {
  return (
    <div className="card">
      <TableScroll label="Runs at work">
        <table className="data">
          <caption className="sr-only">Runs of the submission</caption>
          <thead>
            <tr>
              <th scope="col" className="num">
                Seed
              </th>
              <th scope="col">State</th>
              <th scope="col">Epoch</th>
              <th scope="col" className="num">
                Loss
              </th>
              <th scope="col">Top-1 by exit (%)</th>
              <th scope="col" className="num">
                Images/s
              </th>
              <th scope="col" className="num">
                Time left
              </th>
            </tr>
          </thead>
          <tbody>
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
                <td>
                  {run.top1.length === 0 ? '–' : run.top1.map((share) => percent(share, 1)).join(' / ')}
                </td>
                <td className="num">
                  {run.imagesPerSecond === null ? '–' : integer(Math.round(run.imagesPerSecond))}
                </td>
                <td className="num">{run.secondsLeft === null ? '–' : duration(run.secondsLeft)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </div>
  )
}
