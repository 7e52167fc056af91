import type { EntryReport, TrackReport } from '@mate-bench/harness/entries'
import { type RiskControlledSummary, summariseRiskControl } from '@mate-bench/stats'
import { intervalText, percent, percentText, shortPercent, significant } from '../format/numbers.ts'

/** An entry with its guaranteed settings over seeds, as the manifests have them. */
export interface ControlledEntry {
  readonly entry: EntryReport
  readonly summaries: readonly RiskControlledSummary[]
}

/** Entries whose specs ask for the protocol `risk-controlled`. */
export function controlledEntries({ entries }: TrackReport): ControlledEntry[] {
  return entries.flatMap((entry) => {
    const summaries = riskControlOf(entry)
    return summaries.length > 0 ? [{ entry, summaries }] : []
  })
}

export function riskControlOf({ runs }: EntryReport): RiskControlledSummary[] {
  return summariseRiskControl(runs.map(({ manifest }) => manifest.results.riskControlled?.points ?? []))
}

export const riskControlTitle = 'Guaranteed settings: little accuracy lost against the last exit'

export const riskControlNote =
  'The cheapest setting of each exit rule that loses less than the bound with 95 % probability for each line, fitted on the validation split by risk control (Jazbec et al., 2024), measured on the test split. Means over seeds; "none" sends every image to the last exit.'

/** `0.91, none`: a confidence, an entropy in nats, or a number of exits, seed by seed. */
export function settingsText({ settings }: RiskControlledSummary): string {
  if (settings.every((setting) => setting === null)) return 'none'
  return settings.map((setting) => (setting === null ? 'none' : significant(setting, 6))).join(', ')
}

/** Loss of accuracy in points: `0.53`, and what it reaches over seeds where they differ. */
export function lossText({ loss: { mean, lowest, highest } }: RiskControlledSummary): string {
  return lowest === highest
    ? percent(mean)
    : `${percent(mean)} ${intervalText({ lower: lowest, upper: highest })}`
}

/** The bound in points: `0.5`. */
export function boundText({ lossBound }: RiskControlledSummary): string {
  return shortPercent(lossBound)
}

/** A share of the last exit's cost. */
export function costText({ averageMacs }: RiskControlledSummary, { exits }: EntryReport): string {
  return percentText(averageMacs / (exits.at(-1)?.sequentialMacs ?? 1), 1)
}
