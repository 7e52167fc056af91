import type { ExitRule } from '@mate-bench/stats'
import type { ExploreResult } from '../../view/explore.ts'
import { settingText } from '../../view/explore-state.ts'
import { percent, percentText, si, signedPercent } from '../../view/numbers.ts'
import { DataTable } from '../data-table.tsx'

interface ExploreFiguresProps {
  readonly result: ExploreResult
  readonly rule: ExitRule
  readonly sequentialMacs: readonly number[]
}

/** Accuracy, cost and where the images leave, for one setting of one seed. */
export function ExploreFigures({ result, rule, sequentialMacs }: ExploreFiguresProps) {
  const full = sequentialMacs.at(-1) ?? 1
  const figures = [
    ['Top-1', percentText(result.accuracy)],
    ['Against the last exit', `${signedPercent(-result.loss)} points`],
    ['Average MACs', si(result.averageMacs)],
    ['Of the full cost', percentText(result.averageMacs / full, 1)],
  ] as const
  return (
    <>
      <dl aria-live="polite" className="mt-4 flex flex-wrap gap-x-10 gap-y-2">
        {figures.map(([name, value]) => (
          <div key={name} className="min-w-[8ch]">
            <dt className="text-[0.85rem] text-soft">{name}</dt>
            <dd className="text-[1.45rem] font-semibold tracking-tight tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="mt-3 flex h-5 overflow-clip rounded" aria-hidden="true">
        {result.exitShares.map((share, k) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the exit
            key={k}
            style={{ width: `${100 * share}%`, background: `var(--series-${(k % 8) + 1})` }}
          />
        ))}
      </div>
      <DataTable
        label="Where images leave"
        className="mt-3"
        columns={[
          'Exit',
          { number: rule === 'patience' ? 'Patience' : 'Threshold' },
          { number: 'Leave here (%)' },
          { number: 'Right among them (%)' },
          { number: 'Sequential MACs' },
        ]}
      >
        {result.exitShares.map((share, k) => {
          const accuracy = result.accuracies[k] ?? null
          const setting = result.settings[k]
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the exit
            <tr key={k}>
              <th scope="row">
                <span
                  aria-hidden="true"
                  className="mr-2 inline-block size-2.5 rounded-[2px]"
                  style={{ background: `var(--series-${(k % 8) + 1})` }}
                />
                {k + 1}
              </th>
              <td className="num">{setting === undefined ? 'takes the rest' : settingText(setting, rule)}</td>
              <td className="num">{percent(share, 1)}</td>
              <td className="num">{accuracy === null ? '–' : percent(accuracy, 1)}</td>
              <td className="num">{si(sequentialMacs[k] ?? 0)}</td>
            </tr>
          )
        })}
      </DataTable>
    </>
  )
}
