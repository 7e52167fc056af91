import type { Metadata } from 'next'
import { notFound, permanentRedirect } from 'next/navigation'
import { BoardChart } from '../../../components/board/board-chart.tsx'
import { ExitTable } from '../../../components/board/exit-table.tsx'
import { Checkout } from '../../../components/checkout.tsx'
import { CodeBlock } from '../../../components/code-block.tsx'
import { Badge } from '../../../components/entry/badge.tsx'
import { CostLedger } from '../../../components/entry/cost-ledger.tsx'
import { Headline } from '../../../components/entry/headline.tsx'
import { History } from '../../../components/entry/history.tsx'
import { Reproduce } from '../../../components/entry/reproduce.tsx'
import { RiskControl } from '../../../components/entry/risk-control.tsx'
import { type DrawnRun, RunCharts } from '../../../components/entry/run-charts.tsx'
import { RunTable } from '../../../components/entry/run-table.tsx'
import { Tombstone } from '../../../components/entry/tombstone.tsx'
import { WeakestClasses } from '../../../components/entry/weakest-classes.tsx'
import { Fold } from '../../../components/fold.tsx'
import { JsonLd } from '../../../components/json-ld.tsx'
import { BegunRuns } from '../../../components/ledger/begun-runs.tsx'
import { ArtifactTable } from '../../../components/run/artifact-table.tsx'
import { EnvironmentFacts } from '../../../components/run/environment-facts.tsx'
import { Section } from '../../../components/section.tsx'
import { CiteView } from '../../../components/share/cite-view.tsx'
import { TableScroll } from '../../../components/table-scroll.tsx'
import { getEntryDetail, getGoneEntry } from '../../../data/entry-detail.ts'
import { getRunFiles, presentRoles } from '../../../data/run-files.ts'
import { discussionUrl } from '../../../data/site-settings.ts'
import { siteUrl } from '../../../data/site-url.ts'
import { trackKey } from '../../../data/tracks.ts'
import { chartedEntries } from '../../../view/charted-entries.ts'
import { citeEntry } from '../../../view/citation.ts'
import { entryDataset } from '../../../view/dataset-json-ld.ts'
import { frontierPoints } from '../../../view/frontier-points.ts'
import { lostSeedsText } from '../../../view/lost-seeds.ts'
import { plural, seedsText, shortDigest } from '../../../view/numbers.ts'
import { publicHistory } from '../../../view/public-history.ts'
import { trainingCostText } from '../../../view/training-cost.ts'
import { tryableRun } from '../../../view/tryable.ts'

interface Props {
  readonly params: Promise<{ readonly id: string }>
  readonly searchParams: Promise<{ readonly unit?: string | string[] }>
}

export async function generateMetadata({ params }: Pick<Props, 'params'>): Promise<Metadata> {
  const { id } = await params
  const detail = await getEntryDetail(id)
  if (!detail) {
    const gone = await getGoneEntry(id)
    return gone ? { title: `${gone.entry.name}, withdrawn`, robots: { index: false } } : {}
  }
  const { name, method, backbone } = detail.entry
  return { title: name, description: `${name}: ${method} on ${backbone}, every exit with intervals.` }
}

export default async function EntryPage({ params, searchParams }: Props) {
  const { id } = await params
  const unit = (await searchParams).unit === 'flops' ? 'flops' : 'macs'
  const detail = await getEntryDetail(id)
  if (!detail) {
    const gone = await getGoneEntry(id)
    if (!gone) notFound()
    return <Tombstone {...gone} />
  }
  const { entry, runs, repeats, waiting, origins, begun, verdicts } = detail
  if (entry.id !== id) permanentRedirect(`/entries/${entry.id}${unit === 'flops' ? '?unit=flops' : ''}`)
  const labelled = runs.find(({ specDigest }) => specDigest === entry.specDigest)
  if (!labelled) notFound()
  const { manifest } = labelled
  const files = await Promise.all(runs.map((run) => getRunFiles(run)))
  const present = await presentRoles(manifest)
  const drawn = runs.flatMap((run, i): DrawnRun[] => {
    const found = files[i]
    if (!found) return []
    if (found.found) return [{ manifest: run.manifest, files: found }]
    return found.epochs ? [{ manifest: run.manifest, files: { epochs: found.epochs } }] : []
  })
  const tables = drawn.flatMap(({ files: { predictions } }) => (predictions ? [predictions.table] : []))
  const drawnSeeds = drawn.map((run) => run.manifest.seed)
  const isLost = (i: number) => !files[i]?.found && files[i]?.epochs === undefined
  const lostSeeds = runs.flatMap((run, i) => (isLost(i) ? [run.seed] : []))
  const answered = drawn.filter((run) => run.files.predictions).map((run) => run.manifest.seed)
  const unanswered = drawnSeeds.filter((seed) => !answered.includes(seed))
  const { spec, track } = manifest
  const trainingCost = trainingCostText(manifest)
  const url = new URL(`/entries/${entry.id}`, siteUrl()).href
  const discussion = discussionUrl({ id: entry.id, name: entry.name, url })
  return (
    <>
      <p className="text-soft">
        <a className="link" href={`/?track=${trackKey(track)}`}>
          {track.dataset}
        </a>{' '}
        / entry
      </p>
      <h1 className="mt-1">{entry.name}</h1>
      {spec.description ? <p className="mt-1 max-w-[75ch]">{spec.description}</p> : null}
      <p className="mt-1.5 text-soft">
        <a className="link" href={`/methods/${entry.method}`}>
          {entry.method}
        </a>{' '}
        on{' '}
        <a className="link" href={`/backbones/${entry.backbone}`}>
          {entry.backbone}
        </a>
        , {plural(entry.seeds.length, 'seed')} ({entry.seeds.join(', ')}),{' '}
        <a className="link" href={`/specs/${entry.specDigest.replace('sha256:', '')}`}>
          spec {shortDigest(entry.specDigest)}
        </a>
        {entry.synthetic ? <strong className="text-bad"> synthetic data</strong> : null}
      </p>
      {entry.synthetic ? null : (
        <p className={entry.disputed ? 'mt-1 text-bad' : 'mt-1 text-soft'}>
          Tier <strong className="font-semibold">{entry.tier}</strong>: {entry.evidence}.
          {entry.disputed ? ' The entry has no rank until an operator has ruled on the failed check.' : ''}
        </p>
      )}
      {tryableRun(manifest, present) ? (
        <p className="mt-2.5">
          <a className="button" href={`/try/${entry.id}`}>
            Try it in your browser
          </a>{' '}
          <a className="link ml-2" href="/try">
            or another network
          </a>
        </p>
      ) : null}
      <Headline entry={entry} tableSize={detail.table.length} />
      {trainingCost ? <p className="mt-2 text-soft">Forward passes in training: {trainingCost}.</p> : null}
      <Section
        id="exits"
        title="Exits"
        note="Test split. Intervals are 95&#8239;%, over seeds and images; isolated cost counts the exit's own head, sequential cost every head along the way."
      >
        <div className="card">
          <TableScroll label="Exits">
            <ExitTable entry={entry} factor={unit === 'flops' ? 2 : 1} />
          </TableScroll>
        </div>
        <div className="card mt-4 p-4">
          <BoardChart
            dataset={track.dataset}
            unit={unit}
            charted={chartedEntries({ shown: [entry], matching: [entry], all: detail.table })}
            frontier={frontierPoints(detail.table)}
            published={[]}
          />
        </div>
      </Section>
      {lostSeeds.length > 0 ? <p className="card mt-6 p-4">{lostSeedsText(lostSeeds, drawnSeeds)}</p> : null}
      {unanswered.length > 0 ? (
        <p className="card mt-6 p-4">
          The predictions of {seedsText(unanswered)} are not stored here, so calibration and classes{' '}
          {answered.length === 0 ? 'are left out' : `show only ${seedsText(answered)}`}. The page of each run
          says how to compute them.
        </p>
      ) : null}
      {drawn.length > 0 ? (
        <>
          <Section
            id="curves"
            title="Curves"
            note={lostSeeds.length > 0 ? `Of ${seedsText(drawnSeeds)} alone.` : undefined}
          >
            <RunCharts name={entry.name} runs={drawn} />
          </Section>
          {tables.length === 0 ? null : (
            <Section
              id="classes"
              title="Weakest classes"
              note={`Test split, ${seedsText(answered)}${answered.length > 1 ? ' together' : ''}.`}
            >
              <WeakestClasses dataset={track.dataset} tables={tables} />
            </Section>
          )}
        </>
      ) : null}
      <RiskControl
        manifests={runs.map((run) => run.manifest)}
        explored={runs.find((run) => answered.includes(run.seed))?.id}
      />
      <Section
        id="runs"
        title="Runs"
        note="One per seed; seeds count from 1 without a gap. The page of a run has its manifest."
      >
        <RunTable runs={runs} repeats={repeats} waiting={waiting} verdicts={verdicts} />
      </Section>
      {entry.synthetic ? null : (
        <Section
          id="ledger"
          title="Runs started"
          note="From the ledger, which records a run when it starts: runs that failed, were withdrawn or never finished stay visible. The page of a run checks its records in your browser."
        >
          <BegunRuns begun={begun} />
        </Section>
      )}
      <Section
        id="reproduce"
        title="Reproduce"
        note={
          <>
            In <Checkout />. Each command trains the same spec with the same seed and compares predictions,
            weights and every number with the published ones. On the same processor, commit and backend the
            bytes are the same; elsewhere expect the last digits and a few images to differ.
          </>
        }
      >
        <Reproduce manifests={runs.map((run) => run.manifest)} />
      </Section>
      <Section id="documents" title="Documents">
        <Fold summary="Spec">
          <CodeBlock label="Spec">{JSON.stringify(spec, null, 2)}</CodeBlock>
        </Fold>
        <Fold summary="Cost of each layer">
          <CostLedger spec={spec} digest={entry.specDigest} />
        </Fold>
        <Fold summary={`Environment of seed ${manifest.seed}`}>
          <EnvironmentFacts manifest={manifest} />
        </Fold>
        <Fold summary={`Files of seed ${manifest.seed}`}>
          <ArtifactTable manifest={manifest} present={present} />
        </Fold>
      </Section>
      <Section id="history" title="History">
        <History events={publicHistory([...runs, ...repeats, ...waiting], origins)} />
      </Section>
      <Section id="cite" title="Cite and link">
        <CiteView
          citation={citeEntry(entry)}
          embed={{ path: `/embed/entries/${entry.id}`, title: `MATE Bench: ${entry.name}` }}
        />
        {discussion ? (
          <p className="mt-4">
            <a className="link" href={discussion.href} rel="noopener">
              Discuss this entry
            </a>
          </p>
        ) : null}
        <Badge id={entry.id} name={entry.name} />
      </Section>
      <JsonLd document={entryDataset(entry, manifest)} />
    </>
  )
}
