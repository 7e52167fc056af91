import { formatManifest } from '@mate-bench/harness/manifest'
import {
  eventsOfRun,
  findRun,
  isOpenDispute,
  originsOfRuns,
  signatureOfRun,
  verdictsOfRuns,
} from '@mate-bench/store'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { Checkout } from '../../../components/checkout.tsx'
import { CodeBlock } from '../../../components/code-block.tsx'
import { Badge } from '../../../components/entry/badge.tsx'
import { CostLedger } from '../../../components/entry/cost-ledger.tsx'
import { History } from '../../../components/entry/history.tsx'
import { Reproduce } from '../../../components/entry/reproduce.tsx'
import { RiskControl } from '../../../components/entry/risk-control.tsx'
import { RunCharts } from '../../../components/entry/run-charts.tsx'
import { WeakestClasses } from '../../../components/entry/weakest-classes.tsx'
import { Facts } from '../../../components/facts.tsx'
import { Fold } from '../../../components/fold.tsx'
import { RunLedger } from '../../../components/ledger/run-ledger.tsx'
import { Agreement } from '../../../components/run/agreement.tsx'
import { ArtifactTable } from '../../../components/run/artifact-table.tsx'
import { CheckCommands } from '../../../components/run/check-commands.tsx'
import { EnvironmentFacts } from '../../../components/run/environment-facts.tsx'
import { RunExitTable } from '../../../components/run/run-exit-table.tsx'
import { RunHeadline } from '../../../components/run/run-headline.tsx'
import { VerdictList } from '../../../components/run/verdict-list.tsx'
import { Section } from '../../../components/section.tsx'
import { TableScroll } from '../../../components/table-scroll.tsx'
import { getRunFiles, presentRoles } from '../../../data/run-files.ts'
import { getStore } from '../../../data/store.ts'
import { bibtexEntry, runNote } from '../../../view/bibtex.ts'
import { dateTime, integer, plural, shortDigest } from '../../../view/numbers.ts'
import { publicHistory } from '../../../view/public-history.ts'
import { tierEvidence } from '../../../view/tier-evidence.ts'
import { trainingCostText } from '../../../view/training-cost.ts'

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

const getRun = cache(async (id: string) => findRun((await getStore()).db, id))

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const run = await getRun((await params).id)
  return run
    ? { title: `${run.name}, seed ${run.seed}`, description: `Run ${run.id} with its manifest.` }
    : {}
}

export default async function RunPage({ params }: Props) {
  const run = await getRun((await params).id)
  if (!run) notFound()
  const { manifest } = run
  const { track, training, timing } = manifest
  const files = await getRunFiles(run)
  const { db } = await getStore()
  const origins = await originsOfRuns(db, [run.id])
  const verdicts = await verdictsOfRuns(db, [run.id])
  const events = await eventsOfRun(db, run.id)
  const signature = await signatureOfRun(db, run.id)
  const tombstone = events.find(({ event }) => event.kind === 'withdrawn')?.event
  const title = `${run.name}, seed ${run.seed}`
  return (
    <>
      <p className="text-soft">
        <a className="link" href={`/entries/${run.entryId}`}>
          {run.name}
        </a>{' '}
        / run
      </p>
      <h1 className="mt-1">{title}</h1>
      <p className="mt-1.5 text-soft">
        <code>{run.id}</code>, published {dateTime(run.publishedAt.toISOString())}
        {run.synthetic ? <strong className="text-bad"> synthetic data</strong> : null}
      </p>
      {run.synthetic ? null : (
        <p className={verdicts.some(isOpenDispute) ? 'mt-1 text-bad' : 'mt-1 text-soft'}>
          Tier <strong className="font-semibold">{run.tier}</strong>: {tierEvidence(run.tier, verdicts)}.{' '}
          <a className="link" href="#verdicts">
            Checks
          </a>
        </p>
      )}
      {tombstone?.kind === 'withdrawn' ? (
        <p className="card mt-4 border-bad p-4" role="note">
          <strong className="text-bad">Withdrawn</strong> on {dateTime(tombstone.at)}: “{tombstone.reason}”.
          It counts in no table; everything published about it stays here.
        </p>
      ) : null}
      <RunHeadline manifest={manifest} />
      <Section
        id="exits"
        title="Exits"
        note={`Test split of ${integer(track.splits.test.count)} images. Intervals are Wilson's, 95\u202f%: they cover the images, not the choice of seed.`}
      >
        <div className="card">
          <TableScroll label="Exits">
            <RunExitTable manifest={manifest} />
          </TableScroll>
        </div>
      </Section>
      <Section id="agreement" title="Between the exits">
        <Agreement results={manifest.results} />
      </Section>
      {files.found ? (
        <>
          <Section id="curves" title="Curves">
            <RunCharts name={title} runs={[{ manifest, files }]} />
          </Section>
          <Section id="classes" title="Weakest classes" note="Test split.">
            <WeakestClasses dataset={track.dataset} tables={[files.predictions.table]} />
          </Section>
        </>
      ) : (
        <>
          <p className="card mt-6 p-4">
            {files.reason} Calibration and classes are left out.{' '}
            {files.epochs ? (
              <a className="link" href="#files">
                How to compute them
              </a>
            ) : null}
          </p>
          {files.epochs ? (
            <Section id="curves" title="Curves">
              <RunCharts name={title} runs={[{ manifest, files: { epochs: files.epochs } }]} />
            </Section>
          ) : null}
        </>
      )}
      <RiskControl manifests={[manifest]} explored={files.found ? run.id : undefined} />
      <Section id="manifest" title="Manifest">
        <div className="card px-4 py-3.5">
          <Facts
            facts={[
              [
                'Spec',
                <a key="spec" className="link" href={`/specs/${run.specDigest.replace('sha256:', '')}`}>
                  {shortDigest(run.specDigest)}
                </a>,
              ],
              ['Track', <code key="track">{track.digest}</code>],
              [
                'Splits',
                `${integer(track.splits.train.count)} training, ${integer(track.splits.validation.count)} validation, ${integer(track.splits.test.count)} test`,
              ],
              [
                'Trained',
                `${plural(training.epochs, 'epoch')}, ${plural(training.steps, 'step')}; evaluated after epoch ${training.judgedEpoch}`,
              ],
              ['Training-only parameters', integer(training.trainingOnlyParameters)],
              ['Forward passes in training', trainingCostText(manifest) ?? 'not counted in this manifest'],
              ...(training.notes.length > 0 ? [['Notes', training.notes.join(' ')] as const] : []),
              ['Started', dateTime(timing.startedAt)],
              ['Finished', dateTime(timing.finishedAt)],
            ]}
          />
          <h3 className="mt-4 mb-1">Environment</h3>
          <EnvironmentFacts manifest={manifest} />
          <h3 className="mt-4 mb-1">Data</h3>
          <Facts
            facts={[
              ['Source', manifest.data.source],
              ...manifest.data.files.map(
                ({ name, sha256 }) => [name, <code key={name}>{sha256}</code>] as const,
              ),
            ]}
          />
        </div>
        <Fold summary="Raw manifest">
          <CodeBlock label="Raw manifest">{formatManifest(manifest)}</CodeBlock>
        </Fold>
        <Fold summary="Cost of each layer">
          <CostLedger spec={manifest.spec} digest={run.specDigest} />
        </Fold>
      </Section>
      <Section id="files" title="Files" note="Named by their digests, so that a download can be checked.">
        <ArtifactTable manifest={manifest} present={await presentRoles(manifest)} />
      </Section>
      {run.synthetic ? null : (
        <Section
          id="ledger"
          title="Ledger"
          note="Who signed the run, and what was recorded about it and when. The records are leaves of a Merkle tree, so that any later change shows."
        >
          <RunLedger runId={run.id} events={events} signer={signature?.key} />
        </Section>
      )}
      <Section
        id="reproduce"
        title="Reproduce"
        note={
          <>
            In <Checkout />. The command trains the same spec with the same seed and compares predictions,
            weights and every number with the published ones.
          </>
        }
      >
        <Reproduce manifests={[manifest]} />
      </Section>
      {run.synthetic ? null : (
        <Section
          id="verdicts"
          title="Checks"
          note="How every check of this run ended since it was published, newest first."
        >
          <VerdictList verdicts={verdicts} />
          <CheckCommands runId={run.id} />
        </Section>
      )}
      <Section id="history" title="History">
        <History events={publicHistory([run], origins)} />
      </Section>
      <Section id="cite" title="Cite and link" note="The badge is the entry's, over all of its seeds.">
        <CodeBlock label="BibTeX">
          {bibtexEntry({
            id: run.id,
            name: title,
            path: `/runs/${run.id}`,
            note: runNote(manifest.manifestDigest, run.synthetic),
            updatedAt: run.publishedAt.toISOString(),
          })}
        </CodeBlock>
        <Badge id={run.entryId} name={run.name} />
      </Section>
    </>
  )
}
