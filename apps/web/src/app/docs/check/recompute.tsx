import { CodeBlock } from '../../../components/code-block.tsx'
import { siteUrl } from '../../../data/site-url.ts'
import type { ExampleRun } from './example-run.ts'

interface RecomputeProps {
  readonly example: ExampleRun | undefined
  readonly runId: string
}

/** From predictions to top-1: those that the site has, or those that the weights give again. */
export function Recompute({ example, runId }: RecomputeProps) {
  const page = `${siteUrl().origin}/runs/${runId}`
  if (example && !example.hasPredictions) {
    return (
      <>
        <p>
          The page of a run lists its files. This run was published with its weights but without its
          predictions, the largest of its files. Compute the predictions again from the weights:
        </p>
        <CodeBlock label="Run the published weights on every image">
          {[`npx mate-bench data fetch ${example.dataset}`, `npx mate-bench evaluate ${page}`].join('\n')}
        </CodeBlock>
        <p>
          This computes the answer of every exit to every image, and compares the predictions and every number
          with the manifest, to the byte where the backend is the same.
        </p>
      </>
    )
  }
  return (
    <>
      <p>
        The page of a run lists its files. <code>predictions.parquet</code> has the predicted class and
        confidence of every exit for every test image; any tool that reads Parquet will do:
      </p>
      <CodeBlock label="Top-1 of every exit in Python">
        {[
          'import urllib.request, io, pyarrow.parquet as pq',
          `url = "${page}/files/predictions.parquet"`,
          't = pq.read_table(io.BytesIO(urllib.request.urlopen(url).read())).to_pandas()',
          'exits = sorted(c for c in t if c.startswith("class_"))',
          'print({c: (t[c] == t["label"]).mean() for c in exits})',
        ].join('\n')}
      </CodeBlock>
      <p>
        The result must be the top-1 that the page of the run shows. The spec and the manifest, in the same
        list, say what was trained and on what.
      </p>
    </>
  )
}

/** From nothing to a verified folder. */
export function verifyCommands(example: ExampleRun | undefined, runId: string): string {
  if (example && !example.hasPredictions) {
    return [`npx mate-bench evaluate ${runId} --restore run`, 'npx mate-bench verify run'].join('\n')
  }
  return [
    'mkdir run && cd run',
    'for file in manifest.json spec.json metrics.jsonl log.jsonl predictions.parquet \\',
    '  validation-predictions.parquet model.safetensors; do',
    `  curl -fsSO ${siteUrl().origin}/runs/${runId}/files/$file`,
    'done',
    'cd .. && npx mate-bench verify run',
  ].join('\n')
}
