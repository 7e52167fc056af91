import type { Metadata } from 'next'
import { Checkout } from '../../../components/checkout.tsx'
import { CodeBlock } from '../../../components/code-block.tsx'
import { type Step, StepList } from '../../../components/step-list.tsx'
import { TokenSource } from '../../../components/token-source.tsx'
import { siteUrl } from '../../../data/site-url.ts'

export const metadata: Metadata = {
  title: 'Get your method on the board',
  description: 'From an idea to an entry: write the loss, test it, plan and train it, and publish the runs.',
}

export default function AuthorsPage() {
  const { origin } = siteUrl()
  const steps: Step[] = [
    {
      id: 'spec',
      title: 'If the method is here already, write a spec',
      body: (
        <>
          <p>
            A spec is one JSON file: dataset, network, exits, method, training, evaluation, seeds. Start from
            one in the{' '}
            <a className="link" href="/submit">
              editor
            </a>
            , which checks it as you type and counts the MACs of every exit, or from the page of a{' '}
            <a className="link" href="/specs">
              published spec
            </a>
            . Change the method and keep everything else, and the comparison is fair. Then go to step 4.
          </p>
        </>
      ),
    },
    {
      id: 'method',
      title: 'If it is new, add one file',
      body: (
        <>
          <p>
            In <Checkout />, a training method is one file in <code>packages/methods/src</code>: a header with
            paper and equations, its options as a schema, and its loss on the logits and features of every
            exit. <code>joint.ts</code> is the shortest to copy:
          </p>
          <CodeBlock label="The shape of a method file">
            {[
              'export const myMethod: Method<typeof options> = {',
              "  name: 'my-method',",
              "  title: 'My method',",
              "  citation: 'A. Author. Title. Venue, year. https://…',",
              "  summary: 'What it does, in a sentence.',",
              '  options,            // a zod object, each option with a default and a description',
              '  minimumExits: 2,',
              '  bind(chosen) {',
              '    return {',
              '      parameters: [],',
              '      loss(input) {',
              '        const ce = exitCrossEntropies(input)   // one scalar an exit',
              "        return { total: total(ce), terms: exitTerms('ce', ce) }",
              '      },',
              '      dispose() {},',
              '    }',
              '  },',
              '}',
            ].join('\n')}
          </CodeBlock>
          <p>
            Add a line to <code>registry.ts</code>, and the command line, the editor, the API and this site
            know it. It needs no change to the training loop: a method declares what it needs (a second view,
            images of the same class, a memory of every image, a teacher).
          </p>
        </>
      ),
    },
    {
      id: 'test',
      title: 'Test the loss',
      body: (
        <>
          <p>
            Put a test beside it: the loss on small tensors against numbers worked out by hand, and its
            gradients against finite differences. Then replay your own code’s first steps from the same
            weights and batches:
          </p>
          <CodeBlock label="Test and trace">
            {[
              'npx vitest run packages/methods/src/my-method.test.ts',
              'npx mate-bench trace my-spec.json --steps 20 --out trace',
            ].join('\n')}
          </CodeBlock>
          <p>
            The trace holds weights, augmented batches and every term of the loss as files that PyTorch or JAX
            can read. If both arrive at the same losses, you are training the same method.
          </p>
        </>
      ),
    },
    {
      id: 'train',
      title: 'Plan it, then train it',
      body: (
        <>
          <CodeBlock label="Plan and train">
            {[
              'npx mate-bench plan my-spec.json      # runs, MACs of every exit, time on this machine',
              'npx mate-bench key create             # signs your runs',
              `npx mate-bench run my-spec.json --resume`,
            ].join('\n')}
          </CodeBlock>
          <p>
            Use at least two seeds, counted from 1: an entry of one seed is shown but not ranked. Five tell
            you more;{' '}
            <a className="link" href="/docs#errors">
              this table
            </a>{' '}
            shows how small a difference a given number of seeds can detect. Nothing is chosen on test data,
            and a spec has no way to ask for it.
          </p>
        </>
      ),
    },
    {
      id: 'verify',
      title: 'Check your own runs',
      body: (
        <>
          <CodeBlock label="Verify and report">
            {'npx mate-bench verify runs\nnpx mate-bench report runs --html report.html'}
          </CodeBlock>
          <p>
            This is what the site does before it publishes a run, and what a{' '}
            <a className="link" href="/docs/check">
              reviewer
            </a>{' '}
            will do afterwards. The report has the table and charts that the board would show.
          </p>
        </>
      ),
    },
    {
      id: 'publish',
      title: 'Get it onto this board',
      body: (
        <>
          <p>
            <TokenSource scope="submit" /> Then have the spec trained here (a new method has to be part of
            this site’s code first):
          </p>
          <CodeBlock label="Submit a spec">
            {[
              'export MATE_BENCH_TOKEN=mb_ID_SECRET',
              `npx mate-bench submit my-spec.json --url ${origin} --watch`,
            ].join('\n')}
          </CodeBlock>
          <p>
            It is reviewed first, since training costs compute. Then it waits in the{' '}
            <a className="link" href="/queue">
              queue
            </a>{' '}
            and appears on the board once its runs are trained and verified. Runs that you trained yourself
            are published by whoever runs the site, with <code>npx mate-bench publish</code>, which verifies
            them first.
          </p>
          <p>
            The page of the entry has its BibTeX, a badge for your README, and the command with which others
            repeat each run.
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
        / for authors
      </p>
      <h1 className="mt-1">Get your method on the board</h1>
      <p className="mt-2 max-w-[75ch] text-soft">
        From an idea to an entry that others can check, in six steps. With a method that is here already it
        takes an afternoon, most of it training.
      </p>
      <StepList steps={steps} />
    </>
  )
}
