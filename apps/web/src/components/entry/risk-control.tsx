import type { Manifest } from '@mate-bench/schema'
import { type RiskControlledSummary, summariseRiskControl } from '@mate-bench/stats'
import { settingText } from '../../view/explore-state.ts'
import { percent, percentText, seedsText, shortPercent, si, signedPercent } from '../../view/numbers.ts'
import { DataTable } from '../data-table.tsx'
import { Section } from '../section.tsx'

interface RiskControlProps {
  /** Runs of one spec. */
  readonly manifests: readonly Manifest[]
  /** A run whose predictions are stored here, for the explorer. */
  readonly explored: string | undefined
}

/** Settings that are guaranteed to lose little accuracy, as the manifests have them; the explorer fits others. */
export function RiskControl({ manifests, explored }: RiskControlProps) {
  const [first] = manifests
  if (!first || first.model.exits.length < 2 || first.track.splits.validation.count === 0) return null
  const summaries = summariseRiskControl(manifests.map(({ results }) => results.riskControlled?.points ?? []))
  const explorer = (text: string) => (
    <a className="link" href={`/explore/${explored}?loss=1`}>
      {text}
    </a>
  )
  if (summaries.length === 0)
    return explored === undefined ? null : (
      <Section id="guarantee" title="Guaranteed settings">
        <p className="card p-4">
          The spec asks for none. The {explorer('budget explorer')} fits them from the published validation
          predictions: the cheapest setting whose loss against the last exit stays below a bound that you
          choose.
        </p>
      </Section>
    )
  const full = first.model.exits.at(-1)?.sequentialMacs ?? 1
  const sure = percentText(1 - (first.results.riskControlled?.errorProbability ?? 0), 0)
  return (
    <Section
      id="guarantee"
      title="Guaranteed settings"
      note={
        <>
          The cheapest setting of each exit rule that loses less accuracy than the bound against the last
          exit, with {sure} probability for each line. Fitted on the validation split by{' '}
          <a className="link" href="https://arxiv.org/abs/2405.20915">
            risk control
          </a>
          , measured on the test split.
          {explored === undefined ? null : <> {explorer('The explorer')} takes other bounds.</>}
        </>
      }
    >
      <div className="card">
        <DataTable
          label="Guaranteed settings"
          columns={[
            'Exit rule',
            { number: 'Loses less than (points)' },
            { number: `Setting of ${seedsText(manifests.map(({ seed }) => seed))}` },
            { number: 'Top-1 (%)' },
            { number: 'Against the last exit' },
            { number: 'Average MACs' },
            { number: 'Of the full cost (%)' },
          ]}
        >
          {summaries.map((summary) => (
            <tr key={`${summary.rule} ${summary.lossBound}`}>
              <th scope="row">{summary.rule}</th>
              <td className="num">{shortPercent(summary.lossBound)}</td>
              <td className="num">{settingsText(summary)}</td>
              <td className="num">{percent(summary.accuracy)}</td>
              <td className="num">{lossText(summary)}</td>
              <td className="num">{si(summary.averageMacs)}</td>
              <td className="num">{percent(summary.averageMacs / full, 1)}</td>
            </tr>
          ))}
        </DataTable>
      </div>
    </Section>
  )
}

function settingsText({ rule, settings }: RiskControlledSummary): string {
  if (settings.every((setting) => setting === null)) return 'none: all at the last exit'
  return settings.map((setting) => (setting === null ? 'none' : settingText(setting, rule))).join(', ')
}

function lossText({ loss: { mean, lowest, highest } }: RiskControlledSummary): string {
  if (lowest === highest) return signedPercent(-mean)
  return `${signedPercent(-mean)} [${signedPercent(-highest)}, ${signedPercent(-lowest)}]`
}
