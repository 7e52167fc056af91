/** In the place of the answer, where there are no runs to draw one from. */
export function NoAnswer() {
  return (
    <section aria-labelledby="answer" className="card px-5 py-4">
      <h2 id="answer" className="text-[1.05rem]">
        No runs yet
      </h2>
      <p className="mt-2">
        This site has no published run, so it has no answer. Train the quickstart (about a minute on a laptop)
        and publish what it makes:
      </p>
      <pre className="code mt-2">{'npm run quickstart\nnpx mate-bench publish runs'}</pre>
    </section>
  )
}
