import { findRun } from '@mate-bench/store'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Explorer } from '../../../components/explore/explorer.tsx'
import { getRunFiles } from '../../../data/run-files.ts'
import { getStore } from '../../../data/store.ts'
import type { SearchParams } from '../../../view/board-params.ts'
import { explore, parseExploreState } from '../../../view/explore.ts'

interface Props {
  readonly params: Promise<{ readonly id: string }>
  readonly searchParams: Promise<SearchParams>
}

export const metadata: Metadata = { title: 'Budget explorer' }

export default async function ExplorePage({ params, searchParams }: Props) {
  const run = await findRun((await getStore()).db, (await params).id)
  if (!run) notFound()
  const { manifest } = run
  const files = await getRunFiles(run)
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
  if (!files.found || sequentialMacs.length < 2) {
    return (
      <>
        {heading}
        <p className="mt-3">{files.found ? 'A network with one exit leaves no choice.' : files.reason}</p>
      </>
    )
  }
  const explored = {
    test: files.predictions.table,
    validation: files.validation?.table,
    sequentialMacs,
  }
  const initial = parseExploreState(await searchParams, explored)
  return (
    <>
      {heading}
      <p className="mt-1 mb-5 max-w-[75ch] text-soft">
        Easy images leave at an early exit, hard ones go on. Move the budget or the thresholds of {run.name},
        seed {run.seed}, and see the effect on the test split of {manifest.track.dataset}. The address keeps
        the setting.
      </p>
      <Explorer
        runId={run.id}
        sequentialMacs={sequentialMacs}
        hasValidation={files.validation !== undefined}
        curve={manifest.results.budgeted
          .map(({ q, averageMacs, accuracy }) => ({ q, macs: averageMacs, accuracy }))
          .sort((a, b) => a.macs - b.macs)}
        exits={sequentialMacs.map((macs, i) => ({ macs, accuracy: manifest.results.exits[i]?.top1 ?? 0 }))}
        initial={initial}
        initialResult={explore(explored, initial)}
      />
    </>
  )
}
