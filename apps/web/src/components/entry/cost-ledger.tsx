import { describeDataset } from '@mate-bench/datasets/registry'
import { parseSpec } from '@mate-bench/harness/spec'
import { costLedger, describeNetwork, leftOutCosts } from '@mate-bench/nn/describe'
import type { SpecFrame } from '@mate-bench/schema'
import { createVersionCache } from '../../data/version-cache.ts'
import { integer, percent } from '../../view/numbers.ts'
import { DataTable } from '../data-table.tsx'

/** By the digest of the spec, which has no other version. */
const keepLedger = createVersionCache<ReturnType<typeof ledgerOf>>(100)

/** What each layer costs, from the description of the network: nothing is run for it. */
export async function CostLedger({ spec, digest }: { spec: SpecFrame; digest: string }) {
  const ledger = await keepLedger(digest, '', async () => ledgerOf(spec))
  if (!ledger)
    return <p>This version of MATE Bench does not know part of this spec, so it cannot count the layers.</p>
  const { rows, leftOut } = ledger
  const total = rows.reduce((sum, { macs }) => sum + macs, 0)
  return (
    <>
      <DataTable
        label="Cost of each layer"
        caption="Multiply-accumulates and parameters of each layer, for one image"
        columns={[
          'Layer',
          'Kind',
          'Part',
          'Output',
          { number: 'MACs' },
          { number: 'Share (%)' },
          { number: 'Params' },
        ]}
      >
        {rows.map(({ name, kind, part, outputShape, macs, parameters }) => (
          <tr key={name}>
            <th scope="row" className="font-mono text-[0.85em] font-normal">
              {name}
            </th>
            <td>{kind}</td>
            <td>{part}</td>
            <td>{outputShape.join(' × ')}</td>
            <td className="num">{integer(macs)}</td>
            <td className="num">{percent(macs / total, 1)}</td>
            <td className="num">{integer(parameters)}</td>
          </tr>
        ))}
      </DataTable>
      {leftOut.map(({ name, exit, macs, parameters }) => (
        <p key={name}>
          No exit reads <span className="font-mono">{name}</span>, so it is left out. A count that has it is
          higher by {integer(macs)} MACs and {integer(parameters)} parameters from exit {exit} on.
        </p>
      ))}
    </>
  )
}

function ledgerOf(frame: SpecFrame) {
  try {
    const { dataset, model } = parseSpec(frame)
    const { imageShape, classes } = describeDataset(dataset)
    const network = describeNetwork(model, { inputShape: imageShape, classes: classes.length })
    const parts = new Map(
      network.nodes.map(({ name, owner }) => [
        name,
        owner.part === 'head' ? `head ${owner.exit}` : `backbone ${owner.segment}`,
      ]),
    )
    const rows = costLedger(network, 'macs')
      .filter(({ macs, parameters }) => macs > 0 || parameters > 0)
      .map((row) => ({ ...row, part: parts.get(row.name) ?? '' }))
    return { rows, leftOut: leftOutCosts(network, 'macs') }
  } catch {
    // A spec of another version: its numbers stand, only the layers can't be told.
    return undefined
  }
}
