import { type ExploreResult, overSeeds } from '../../view/explore.ts'
import type { ExploreState } from '../../view/explore-state.ts'
import { settingText } from '../../view/explore-state.ts'
import { percent, si, signedPercent } from '../../view/numbers.ts'
import { DataTable } from '../data-table.tsx'

interface ExploreSeedsProps {
  readonly state: ExploreState
  readonly seeds: readonly { readonly seed: number; readonly result: ExploreResult }[]
}

/** The same goal for every seed, each fitted on its own validation predictions. */
export function ExploreSeeds({ state, seeds }: ExploreSeedsProps) {
  const mean = (of: (result: ExploreResult) => number) =>
    overSeeds(seeds.map(({ result }) => of(result))).mean
  const rows = [
    ...seeds.map(({ seed, result }) => ({
      name: String(seed),
      setting: settingOf(state, result),
      ...{ accuracy: result.accuracy, loss: result.loss, macs: result.averageMacs },
    })),
    {
      name: 'mean',
      setting: '',
      accuracy: mean(({ accuracy }) => accuracy),
      loss: mean(({ loss }) => loss),
      macs: mean(({ averageMacs }) => averageMacs),
    },
  ]
  return (
    <>
      <h2 className="mt-5 text-[1.05rem]">All seeds</h2>
      <DataTable
        label="All seeds"
        className="mt-1"
        columns={[
          'Seed',
          state.mode === 'goal' ? { number: 'Fitted setting' } : undefined,
          { number: 'Top-1 (%)' },
          { number: 'Against the last exit' },
          { number: 'Average MACs' },
        ]}
      >
        {rows.map(({ name, setting, accuracy, loss, macs }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {state.mode === 'goal' ? <td className="num">{setting}</td> : null}
            <td className="num">{percent(accuracy)}</td>
            <td className="num">{signedPercent(-loss)}</td>
            <td className="num">{si(macs)}</td>
          </tr>
        ))}
      </DataTable>
    </>
  )
}

function settingOf({ rule }: ExploreState, { settings, isMet }: ExploreResult): string {
  return isMet ? settingText(settings[0] ?? null, rule) : 'none reaches it'
}
