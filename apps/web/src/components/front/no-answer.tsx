import { CodeBlock } from '../code-block.tsx'

/** In the place of the answer, where there are no runs to draw one from. */
export function NoAnswer({ dataset }: { readonly dataset: string | undefined }) {
  return (
    <section aria-labelledby="answer" className="card self-start px-5 py-4">
      <h2 id="answer" className="text-[1.05rem]">
        No runs yet{dataset === undefined ? '' : ` on ${dataset}`}
      </h2>
      {dataset === undefined ? (
        <>
          <p className="mt-2">
            Nothing has been published on this site, so it has no answer to give. Train the quickstart (about
            a minute on a laptop) and publish what it makes, or load the runs of the study:
          </p>
          <div className="mt-2">
            <CodeBlock label="Commands that fill the site" wraps>
              {'npm run quickstart && npx mate-bench publish runs\nnpx mate-bench results load'}
            </CodeBlock>
          </div>
          <p className="mt-2 text-[0.92rem]">
            Until then there are the{' '}
            <a className="link" href="/results">
              results of the study
            </a>
            , the{' '}
            <a className="link" href="/methods">
              methods
            </a>{' '}
            with their losses, and a{' '}
            <a className="link" href="/try/train">
              training in your browser
            </a>
            .
          </p>
        </>
      ) : (
        <p className="mt-2">
          Nobody has published a run on this dataset here, so there is no answer to give. Below is what papers
          claim.
        </p>
      )}
    </section>
  )
}
