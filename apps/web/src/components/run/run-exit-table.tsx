import type { Manifest } from '@mate-bench/schema'
import { wilsonInterval } from '@mate-bench/stats'
import { intervalText, percent, si } from '../../view/numbers.ts'

/** Exits of one run. Intervals are Wilson's: test images only, since there is one seed. */
export function RunExitTable({ manifest }: { manifest: Manifest }) {
  const images = manifest.track.splits.test.count
  const { results, model } = manifest
  const rows = [
    ...results.exits.map((metrics, i) => ({
      name: String(metrics.k),
      metrics,
      cost: model.exits[i],
      validation: results.validation[i],
    })),
    { name: 'all', metrics: results.ensemble, cost: undefined, validation: undefined },
  ]
  return (
    <table className="data">
      <caption className="sr-only">Exits of the run</caption>
      <thead>
        <tr>
          <th scope="col">Exit</th>
          <th scope="col">After</th>
          <th scope="col" className="num">
            Top-1 (%)
          </th>
          <th scope="col">95 % interval</th>
          <th scope="col" className="num">
            Validation (%)
          </th>
          <th scope="col" className="num">
            Top-5 (%)
          </th>
          <th scope="col" className="num">
            NLL
          </th>
          <th scope="col" className="num">
            ECE (%)
          </th>
          <th scope="col" className="num">
            AUROC (%)
          </th>
          <th scope="col" className="num">
            Isolated MACs
          </th>
          <th scope="col" className="num">
            Sequential MACs
          </th>
          <th scope="col" className="num">
            Params
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, metrics, cost, validation }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{cost?.after ?? 'ensemble'}</td>
            <td className="num">{percent(metrics.top1)}</td>
            <td className="text-soft">
              {intervalText(wilsonInterval(Math.round(metrics.top1 * images), images))}
            </td>
            <td className="num">{validation ? percent(validation.top1) : '–'}</td>
            <td className="num">{percent(metrics.top5)}</td>
            <td className="num">{metrics.nll.toFixed(3)}</td>
            <td className="num">{percent(metrics.ece, 1)}</td>
            <td className="num">{metrics.auroc === null ? '–' : percent(metrics.auroc, 1)}</td>
            <td className="num">{cost ? si(cost.isolatedMacs) : '–'}</td>
            <td className="num">{si(cost?.sequentialMacs ?? model.exits.at(-1)?.sequentialMacs ?? 0)}</td>
            <td className="num">{si(cost?.parameters ?? model.parameters)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
