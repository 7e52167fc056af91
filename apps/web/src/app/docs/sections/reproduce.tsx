import { Checkout } from '../../../components/checkout.tsx'
import { CodeBlock } from '../../../components/code-block.tsx'
import { Section } from '../../../components/section.tsx'
import { siteUrl } from '../../../data/site-url.ts'

const files = [
  'manifest.json',
  'spec.json',
  'metrics.jsonl',
  'log.jsonl',
  'predictions.parquet',
  'validation-predictions.parquet',
  'model.safetensors',
]

/** How anybody checks a number, or trains it again. */
export function ReproduceSection() {
  const { origin } = siteUrl()
  return (
    <Section id="reproduce" title="Checking and repeating a number">
      <div className="prose">
        <h3>Check a run</h3>
        <p>
          The{' '}
          <a className="link" href="/docs/check">
            guide for reviewers
          </a>{' '}
          goes through this step by step. In short: in <Checkout />, fetch the files of a run (its page lists
          them) and check them. Nothing is trained; where the dataset is on your machine, labels are compared
          with it and the weights are run again:
        </p>
        <CodeBlock label="Fetch a run and verify it">
          {[
            'RUN=run_ID',
            'mkdir published && cd published',
            `for file in ${files.slice(0, 4).join(' ')} \\`,
            `  ${files.slice(4).join(' ')}; do`,
            `  curl -fsSO ${origin}/runs/$RUN/files/$file`,
            'done',
            'cd .. && npx mate-bench verify published',
          ].join('\n')}
        </CodeBlock>
        <p>
          This checks the digest of every file and of the manifest itself; splits and labels against the
          dataset; the columns of the predictions against each other; learning curve and log against the spec;
          MACs and parameters of every exit, counted again; every number of the results, recomputed from the
          two prediction files; and the weights, run on a sample of the images. What could not be checked is
          marked. Even a single changed byte is detected. For a run without predictions,{' '}
          <code>npx mate-bench evaluate run_ID --restore published</code> writes the whole folder, with the
          predictions computed from its weights.
        </p>
        <p>The files are in open formats, so you can read them without our code:</p>
        <CodeBlock label="Top-1 of exit 3 in Python">
          {[
            'import numpy as np, pyarrow.parquet as pq',
            't = pq.read_table("predictions.parquet").to_pydict()',
            'print((np.array(t["class_3"]) == np.array(t["label"])).mean())   # top-1 of exit 3',
          ].join('\n')}
        </CodeBlock>
        <h3>Run it again</h3>
        <p>
          One command trains a published run again and compares the two. The page of an entry has the command
          for each of its runs:
        </p>
        <CodeBlock label="Train a run again and compare">{`npx mate-bench reproduce ${origin}/runs/run_ID`}</CodeBlock>
        <p>
          It first says what differs (commit, lockfile, backend, processor), trains the same spec with the
          same seed, and compares the digests of predictions and weights and every number of every exit. The
          verdict is <em>identical</em>, <em>equal within float32</em>, <em>statistically consistent</em> (an
          equivalence test over the entry’s seeds) or <em>inconsistent</em>, with what differs and the most
          likely cause. The command exits with 1 if the verdict is inconsistent. With <code>--publish</code>{' '}
          the site shows the verdict.
        </p>
        <p>
          On one machine, commit and backend, the same spec and seed give the same bytes, even when the run
          was interrupted and resumed. Another processor or backend sums in another order: expect losses to
          differ in their last digits, and a few images to be classified differently. Where the code had
          uncommitted changes, the page says so: nobody else has exactly that code.
        </p>
        <h3>Replay it in another framework</h3>
        <p>
          Write the initial weights, the batches of images after augmentation, and the loss of every step,
          term by term:
        </p>
        <CodeBlock label="Write the first steps">npx mate-bench trace SPEC --steps 20 --out trace</CodeBlock>
        <p>
          Another implementation that starts from these weights and sees these batches must arrive at the same
          losses.
        </p>
        <h3>Export everything</h3>
        <p>
          <code>npx mate-bench db export DIR</code> writes everything public as JSON, CSV and Parquet, and{' '}
          <code>db import</code> builds the same site from it elsewhere. Over HTTP the{' '}
          <a className="link" href="/docs/api">
            API
          </a>{' '}
          gives the same, entry by entry.
        </p>
      </div>
    </Section>
  )
}
