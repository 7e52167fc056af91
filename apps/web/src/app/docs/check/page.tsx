import type { Metadata } from 'next'
import { Checkout } from '../../../components/checkout.tsx'
import { CodeBlock } from '../../../components/code-block.tsx'
import { type Step, StepList } from '../../../components/step-list.tsx'
import { siteUrl } from '../../../data/site-url.ts'
import { exampleRun } from './example-run.ts'
import { Recompute, verifyCommands } from './recompute.tsx'

export const metadata: Metadata = {
  title: 'Check a claim in ten minutes',
  description:
    'How a reviewer checks a number on this site: what it rests on, recomputing it, and training it again.',
}

export default async function CheckPage() {
  const { origin } = siteUrl()
  const example = await exampleRun()
  const runId = example?.runId ?? 'run_ID'
  const steps: Step[] = [
    {
      id: 'claim',
      title: 'Find what the claim rests on',
      takes: '1 minute',
      body: (
        <>
          <p>
            Every figure on the board belongs to an entry: one experiment, trained with several seeds. Open
            it. The line under its title says how far it has been checked (its{' '}
            <a className="link" href="/docs#tiers">
              tier
            </a>
            ), and <em>Runs</em> lists one run per seed.
          </p>
          <p>
            <em>Runs started</em> lists, from the ledger, every run of this experiment that was ever started,
            including those that failed or were never published. A seed that was left out shows up there.
          </p>
        </>
      ),
    },
    {
      id: 'difference',
      title: 'Ask whether the difference is real',
      takes: '2 minutes',
      body: (
        <>
          <p>
            Two entries that share a rank do not differ significantly. Tick both on the board and press{' '}
            <em>Compare selected</em>: the page gives the difference at every exit on the same test images,
            with a 95&#8239;% interval over seeds and images, p corrected for all comparisons, and how many
            more seeds would settle it. Under <em>Manifests</em> it lists everything that differs between the
            two besides the method.
          </p>
          <p>
            Look at the number of seeds n first. One seed is never ranked here, and should not persuade you
            elsewhere.
          </p>
        </>
      ),
    },
    {
      id: 'recompute',
      title: 'Recompute the numbers from the predictions',
      takes: '2 minutes',
      body: (
        <>
          <Recompute example={example} runId={runId} />
        </>
      ),
    },
    {
      id: 'verify',
      title: 'Verify everything',
      takes: '3 minutes',
      body: (
        <>
          <p>
            In <Checkout /> (<code>npm ci</code>; no GPU, no Python):
          </p>
          <CodeBlock label="Fetch a run and verify it">{verifyCommands(example, runId)}</CodeBlock>
          <p>
            It recomputes every number, counts the MACs and parameters again, checks every digest, compares
            the splits and labels with the dataset, and runs the published weights on a sample of the images (
            <code>--full</code>: on all). What it could not check is marked “?”.
          </p>
        </>
      ),
    },
    {
      id: 'repeat',
      title: 'Train it again',
      takes: 'a minute to start',
      body: (
        <>
          <p>
            Nothing so far shows that the weights were trained as the spec says. Only training again does, and
            it takes about as long as the run did:
          </p>
          <CodeBlock label="Train the run again">{`npx mate-bench reproduce ${origin}/runs/${runId}`}</CodeBlock>
          <p>
            The verdict is <em>identical</em>, <em>equal within float32</em>,{' '}
            <em>statistically consistent</em> or <em>inconsistent</em>, with what differs. With{' '}
            <code>--publish</code> this site shows it beside the run; an entry loses its rank after a failed
            check, until an operator has ruled on it.
          </p>
        </>
      ),
    },
  ]
  return (
    <>
      <p className="text-soft">
        <a className="link" href="/docs">
          Docs
        </a>{' '}
        / for reviewers
      </p>
      <h1 className="mt-1">How to check a claim here in ten minutes</h1>
      <p className="mt-2 max-w-[75ch] text-soft">
        For reviewers, and for anyone who would rather not take our word for it. You need a browser for the
        first two steps, and a terminal for the others.
        {example ? null : ' No run has been published here yet: run_ID below stands for the id of one.'}
        {example ? (
          <>
            {' '}
            The commands below use the first seed of{' '}
            <a className="link" href={`/entries/${example.entry.id}`}>
              {example.entry.name}
            </a>
            , the leader of the largest track.
          </>
        ) : null}
      </p>
      <StepList steps={steps} />
      <p className="mt-5 max-w-[75ch] text-soft">
        Numbers from papers are drawn hollow and carry their source. They cannot be recomputed here, and are
        never ranked with runs.
      </p>
    </>
  )
}
