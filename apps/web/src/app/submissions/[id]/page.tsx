import { BenchError } from '@mate-bench/schema'
import { isFinal, type SubmissionState } from '@mate-bench/store'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { submissionAnswer } from '../../../api/submission-answer.ts'
import { CodeBlock } from '../../../components/code-block.tsx'
import { Facts } from '../../../components/facts.tsx'
import { Fold } from '../../../components/fold.tsx'
import { NeedsReact } from '../../../components/needs-react.tsx'
import { Section } from '../../../components/section.tsx'
import { type Act, ActForm } from '../../../components/submission/act-form.tsx'
import { AutoRefresh } from '../../../components/submission/auto-refresh.tsx'
import { ProgressBar } from '../../../components/submission/progress-bar.tsx'
import { RunProgressTable } from '../../../components/submission/run-progress-table.tsx'
import { StateTag } from '../../../components/submission/state-tag.tsx'
import { TokenSource } from '../../../components/token-source.tsx'
import { getLauncher } from '../../../data/launcher.ts'
import { getStore } from '../../../data/store.ts'
import { dateTime, plural, shortDigest, si } from '../../../view/numbers.ts'

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

export const metadata: Metadata = { title: 'Submission', robots: { index: false } }

const actsIn: Readonly<Record<SubmissionState, readonly Act[]>> = {
  submitted: ['approve', 'reject', 'cancel'],
  approved: ['cancel'],
  queued: ['cancel'],
  running: ['cancel'],
  rejected: [],
  finished: [],
  failed: [],
  cancelled: [],
}

export default async function SubmissionPage({ params }: Props) {
  const submission = await getSubmission((await params).id)
  if (!submission) notFound()
  const { state, position, progress, history, log, runIds, spec } = submission
  const acts = actsIn[state]
  return (
    <>
      <NeedsReact />
      {isFinal(state) ? null : <AutoRefresh path={`/submissions/${submission.id}`} seconds={3} on="change" />}
      <p className="text-soft">
        <a className="link" href="/queue">
          Queue
        </a>{' '}
        / <code>{submission.id}</code>
      </p>
      <h1 className="mt-1 flex flex-wrap items-center gap-3">
        {submission.name}
        <span role="status" className="text-[0.95rem] font-normal tracking-normal">
          <StateTag state={state} />
        </span>
      </h1>
      <div className="card mt-4 px-4 py-3.5">
        <Facts
          facts={[
            ['Submitted', `by ${submission.submitter}, ${dateTime(submission.createdAt)}`],
            ...(submission.checkedRunId === null
              ? []
              : [
                  [
                    'Check',
                    <span key="check">
                      {submission.kind} of{' '}
                      <a className="link" href={`/runs/${submission.checkedRunId}#verdicts`}>
                        {submission.checkedRunId}
                      </a>
                    </span>,
                  ] as const,
                ]),
            ['Compute', `${plural(submission.seeds, 'run')}, ${si(submission.totalMacs)} MACs`],
            ['Spec', <code key="spec">{shortDigest(submission.specDigest)}</code>],
            ...(submission.sameSpec.length === 0
              ? []
              : [['Same spec in', <SameSpec key="same" others={submission.sameSpec} />] as const]),
            ...(position === null
              ? []
              : [['Ahead in the queue', position === 0 ? 'none' : plural(position, 'submission')] as const]),
            ...(progress && state === 'running'
              ? [['Done', <ProgressBar key="done" done={progress.done} label="Done" />] as const]
              : []),
            ...(submission.cancelRequested && !isFinal(state)
              ? [['Cancellation', 'requested'] as const]
              : []),
            ...(submission.failure === null ? [] : [['Failure', submission.failure] as const]),
          ]}
        />
      </div>
      {isFinal(state) ? null : (
        <noscript>
          <p className="card mt-4 p-4">
            Without JavaScript this page does not update itself. Reload it to see what has changed. To
            approve, reject or cancel the submission, send a request to the{' '}
            <a className="link" href="/docs/api#submissions">
              API
            </a>
            .
          </p>
        </noscript>
      )}
      {acts.length > 0 ? (
        <ActForm id={submission.id} acts={acts} tokenSource={<TokenSource scope="approve" />} />
      ) : null}
      {runIds.length > 0 ? (
        <Section id="runs" title="Published runs">
          <ul className="space-y-1">
            {runIds.map((id) => (
              <li key={id}>
                <a className="link font-mono text-[0.9em]" href={`/runs/${id}`}>
                  {id}
                </a>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {progress && progress.runs.length > 0 ? (
        <Section
          id="progress"
          title="Progress"
          note={`As reported by the worker at ${dateTime(progress.at)}.`}
        >
          <RunProgressTable progress={progress} />
        </Section>
      ) : null}
      <Section id="history" title="History">
        <ol className="card divide-y divide-line">
          {history.map(({ at, actor, toState, note }) => (
            <li key={`${at} ${toState}`} className="flex flex-wrap items-baseline gap-x-4 px-4 py-1.5">
              <span className="text-[0.9rem] text-soft tabular-nums">{dateTime(at)}</span>
              <StateTag state={toState} />
              <span>by {actor}</span>
              {note === null ? null : <span className="text-soft">{note}</span>}
            </li>
          ))}
        </ol>
      </Section>
      {log.length > 0 ? (
        <Section id="log" title="Log" note="The last lines.">
          <CodeBlock label="Log">
            {log.map(({ at, line }) => `${at.slice(11, 19)}  ${line}`).join('\n')}
          </CodeBlock>
        </Section>
      ) : null}
      <Section id="spec" title="Spec">
        <Fold summary="Show the spec">
          <CodeBlock label="Spec">{JSON.stringify(spec, null, 2)}</CodeBlock>
        </Fold>
      </Section>
    </>
  )
}

/** Who decides sees what would be trained twice. */
function SameSpec({ others }: { readonly others: readonly { id: string; state: SubmissionState }[] }) {
  return (
    <ul className="space-y-1">
      {others.map(({ id, state }) => (
        <li key={id}>
          <a className="link font-mono text-[0.9em]" href={`/submissions/${id}`}>
            {id}
          </a>{' '}
          <StateTag state={state} />
        </li>
      ))}
    </ul>
  )
}

async function getSubmission(id: string) {
  try {
    return await submissionAnswer((await getStore()).db, getLauncher(), id)
  } catch (thrown) {
    if (thrown instanceof BenchError && thrown.code === 'not-found') return undefined
    throw thrown
  }
}
