/** What a new site says. */
export function EmptyBoard() {
  return (
    <div className="prose">
      <h1>No runs yet</h1>
      <p>This database holds no finished run. Train the quickstart and publish what it makes:</p>
      <pre className="code">{'npm run quickstart\nnpx mate-bench publish runs'}</pre>
    </div>
  )
}
