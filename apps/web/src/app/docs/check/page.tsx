import type { Metadata } from 'next'
import { Checkout } from '../../../components/checkout.tsx'
import { CodeBlock } from '../../../components/code-block.tsx'
import { type Step, StepList } from '../../../components/step-list.tsx'
import { getBoardTable } from '../../../data/board-table.ts'
import { siteUrl } from '../../../data/site-url.ts'
import { getTracks } from '../../../data/tracks.ts'
import { leadersOf } from '../../../view/leaders.ts'

export const metadata: Metadata = {
  title: 'Check a claim in ten minutes',
  description:
    'How a reviewer checks a number of this site: what it rests on, recomputing it, and training it again.',
}

/** The run that the commands are about: the first of the largest track's leader; undefined on an empty site. */
async function exampleRun() {
  const [track] = await getTracks()
  if (!track) return undefined
  const leader = leadersOf(await getBoardTable(track)).at(-1)
  const runId = leader?.entry.runIds[0]
  return leader && runId !== undefined ? { runId, entry: leader.entry } : undefined
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
            Under <em>Begun runs</em> the ledger shows every training of this experiment that was announced
            before it began, including those that failed or were never published. Missing seeds show up there.
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
            Two entries that share a rank cannot be told apart. Tick both on the board and press{' '}
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
          <p>
            The page of a run lists its files. <code>predictions.parquet</code> has the predicted class and
            confidence of every exit for every test image; any tool that reads Parquet will do:
          </p>
          <CodeBlock label="Top-1 of the last exit in Python">
            {[
              'import urllib.request, io, pyarrow.parquet as pq',
              `url = "${origin}/runs/${runId}/files/predictions.parquet"`,
              't = pq.read_table(io.BytesIO(urllib.request.urlopen(url).read())).to_pandas()',
              'exits = sorted(c for c in t if c.startswith("class_"))',
              'print({c: (t[c] == t["label"]).mean() for c in exits})',
            ].join('\n')}
          </CodeBlock>
          <p>
            The result must be the top-1 that the page of the run shows. The spec and the manifest, in the
            same list, say what was trained and on what.
          </p>
        </>
      ),
    },
    {
      id: 'verify',
      title: 'Have everything verified',
      takes: '3 minutes',
      body: (
        <>
          <p>
            In <Checkout /> (<code>npm ci</code>; no GPU, no Python):
          </p>
          <CodeBlock label="Fetch a run and verify it">
            {[
              'mkdir run && cd run',
              'for file in manifest.json spec.json metrics.jsonl log.jsonl predictions.parquet \\',
              '  validation-predictions.parquet model.safetensors; do',
              `  curl -fsSO ${origin}/runs/${runId}/files/$file`,
              'done',
              'cd .. && npx mate-bench verify run',
            ].join('\n')}
          </CodeBlock>
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
            The weights may still have been made in another way than the spec says. Only training shows that,
            and it takes as long as the run took:
          </p>
          <CodeBlock label="Train the run again">{`npx mate-bench reproduce ${origin}/runs/${runId}`}</CodeBlock>
          <p>
            The verdict is <em>identical</em>, <em>equal within float32</em>,{' '}
            <em>statistically consistent</em> or <em>inconsistent</em>, with what differs. With{' '}
            <code>--publish</code> this site shows it beside the run; a failed check takes the entry’s rank
            away until somebody has looked.
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
        {example ? (
          <>
            {' '}
            The commands below are about the first seed of{' '}
            <a className="link" href={`/entries/${example.entry.id}`}>
              {example.entry.name}
            </a>
            , which leads the largest track.
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
