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
            a minute on a laptop) and publish what it makes:
          </p>
          <pre className="code mt-2">{'npm run quickstart\nnpx mate-bench publish runs'}</pre>
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
