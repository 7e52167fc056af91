import { findRun } from '@mate-bench/store'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Explorer } from '../../../components/explore/explorer.tsx'
import { NothingToExplore } from '../../../components/explore/nothing-to-explore.tsx'
import { NeedsReact } from '../../../components/needs-react.tsx'
import { getExploreData } from '../../../data/explore-data.ts'
import { getStore } from '../../../data/store.ts'
import type { SearchParams } from '../../../view/board-params.ts'
import { explore } from '../../../view/explore.ts'
import { parseExploreState } from '../../../view/explore-state.ts'
import { seedsText } from '../../../view/numbers.ts'

interface Props {
  readonly params: Promise<{ readonly id: string }>
  readonly searchParams: Promise<SearchParams>
}

export const metadata: Metadata = { title: 'Budget explorer' }

export default async function ExplorePage({ params, searchParams }: Props) {
  const run = await findRun((await getStore()).db, (await params).id)
  if (!run) notFound()
  const { manifest } = run
  const data = await getExploreData(run)
  const sequentialMacs = manifest.model.exits.map((exit) => exit.sequentialMacs)
  const heading = (
    <>
      <p className="text-soft">
        <a className="link" href={`/entries/${run.entryId}`}>
          {run.name}
        </a>{' '}
        /{' '}
        <a className="link" href={`/runs/${run.id}`}>
          seed {run.seed}
        </a>{' '}
        / budget explorer
      </p>
      <h1 className="mt-1">What does a budget buy?</h1>
    </>
  )
  if ('reason' in data || sequentialMacs.length < 2) {
    return (
      <>
        {heading}
        {'reason' in data ? (
          <NothingToExplore run={run} reason={data.reason} />
        ) : (
          <p className="mt-3">This network has one exit, so there is nothing to choose.</p>
        )}
      </>
    )
  }
  const { runs, curves } = data
  const own = runs[0]?.explored
  const bounds = { sequentialMacs, validationTop1: manifest.results.validation.at(-1)?.top1 }
  const initial = parseExploreState(await searchParams, bounds)
  const others = runs.slice(1).map(({ run: { seed } }) => seed)
  return (
    <>
      {heading}
      <p className="mt-1 mb-5 max-w-[75ch] text-soft">
        Easy images leave at an early exit, hard ones go on. Choose a rule and a goal, or settings by hand,
        and see what {run.name}, seed {run.seed}, does on the test split of {manifest.track.dataset}
        {others.length > 0 ? `, beside ${seedsText(others)}` : ''}. The address keeps the setting.
      </p>
      <NeedsReact />
      <Explorer
        runs={runs.map(({ run: { id, seed } }) => ({ id, seed }))}
        bounds={bounds}
        classes={own?.test.classes ?? 2}
        choseEpoch={manifest.spec.evaluation.checkpoint.name === 'best-validation'}
        curves={curves}
        published={manifest.results.budgeted.map(({ averageMacs, accuracy }) => ({ averageMacs, accuracy }))}
        initial={initial}
        initialResults={runs.map(({ explored }) => explore(explored, initial))}
      />
    </>
  )
}
