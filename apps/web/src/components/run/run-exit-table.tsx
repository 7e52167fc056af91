import type { Manifest } from '@mate-bench/schema'
import { wilsonInterval } from '@mate-bench/stats'
import { decimal, intervalText, percent, si } from '../../view/numbers.ts'
import { Term } from '../term.tsx'

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
          <th scope="col">95&#8239;% interval</th>
          <th scope="col" className="num">
            Validation (%)
          </th>
          <th scope="col" className="num">
            <Term id="top-5">Top-5</Term> (%)
          </th>
          <th scope="col" className="num">
            <Term id="nll">NLL</Term>
          </th>
          <th scope="col" className="num">
            <Term id="ece">ECE</Term> (%)
          </th>
          <th scope="col" className="num">
            <Term id="auroc">AUROC</Term> (%)
          </th>
          <th scope="col" className="num">
            <Term id="isolated-macs">Isolated MACs</Term>
          </th>
          <th scope="col" className="num">
            <Term id="sequential-macs">Sequential MACs</Term>
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
            <td className="num">{decimal(metrics.nll, 3)}</td>
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
