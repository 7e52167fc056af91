import { CodeBlock } from '../../../components/code-block.tsx'
import { Section } from '../../../components/section.tsx'
import { TokenSource } from '../../../components/token-source.tsx'
import { siteUrl } from '../../../data/site-url.ts'

const states = [
  ['submitted', 'it waits for someone with the scope approve'],
  ['approved', 'or rejected; a note can say why'],
  ['queued', 'it waits for a worker'],
  [
    'running',
    'a worker trains it; if the worker stops or is lost, another continues from the last checkpoint',
  ],
  ['finished', 'its runs are checked, published and on the board; or failed, or cancelled'],
] as const

/** From a spec to an entry, and who decides on the way. */
export function SubmitSection() {
  const { origin } = siteUrl()
  return (
    <Section id="submit" title="Submitting a spec">
      <div className="prose">
        <p>
          <a className="link" href="/docs/submit">
            Get your method on the board
          </a>{' '}
          goes through it step by step. A spec is one JSON file: dataset, network, exits, method, training,
          evaluation and seeds. The{' '}
          <a className="link" href="/submit">
            editor
          </a>{' '}
          checks it as you write, with examples to start from, and shows the runs, the MACs of every exit and
          the time that training takes. A small spec can be{' '}
          <a className="link" href="/try/train">
            trained in your browser
          </a>{' '}
          first. On your own machine, the equivalent of the editor is
        </p>
        <CodeBlock label="Plan a spec">npx mate-bench plan my-spec.json</CodeBlock>
        <p>
          To send it you need a token. <TokenSource scope="submit" /> A token is shown once, expires (after 90
          days unless asked otherwise) and can be revoked:
        </p>
        <CodeBlock label="Make a token">
          npx mate-bench token create --owner ada --name laptop --scope submit
        </CodeBlock>
        <p>Then, from the terminal or over HTTP:</p>
        <CodeBlock label="Submit a spec">
          {[
            'export MATE_BENCH_TOKEN=mb_ID_SECRET',
            `npx mate-bench submit my-spec.json --url ${origin} --watch`,
            '',
            `curl -X POST ${origin}/api/v1/submissions \\`,
            '  -H "authorization: Bearer $MATE_BENCH_TOKEN" \\',
            '  -H "content-type: application/json" \\',
            '  -H "idempotency-key: my-spec-1" \\',
            '  --data @my-spec.json',
          ].join('\n')}
        </CodeBlock>
        <p>The submission's page shows its state, with the time and author of each change:</p>
        <ol>
          {states.map(([state, meaning]) => (
            <li key={state}>
              <strong>{state}</strong>: {meaning}
            </li>
          ))}
        </ol>
        <p>
          The owner of a submission may cancel it at any time; a run stops within a step. They may cancel a
          check of a published run until it is approved. The total MACs of a submission are limited, and so
          are the requests of each token and address; a refusal says which limit it was and how long to wait.
          A request repeated with the same <code>idempotency-key</code> gets the first answer and creates
          nothing new.
        </p>
        <p>
          Runs trained elsewhere are published by whoever runs the site, with{' '}
          <code>npx mate-bench publish RUN...</code>, which checks them first.
        </p>
      </div>
    </Section>
  )
}
