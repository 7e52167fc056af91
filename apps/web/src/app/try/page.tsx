import type { Metadata } from 'next'
import { DataTable } from '../../components/data-table.tsx'
import { getTryableEntries } from '../../data/tryable-entries.ts'
import { percent, si } from '../../view/numbers.ts'

export const metadata: Metadata = {
  title: 'Try it in your browser',
  description: 'Run a published multi-exit network on an image, or train a small one, in your own browser.',
}

export default async function TryListPage() {
  const tryable = await getTryableEntries()
  return (
    <>
      <h1>Try it in your browser</h1>
      <p className="mt-1 mb-5 max-w-[75ch] text-soft">
        Run a published network on an image and watch its exits answer one after the other, or train a small
        network yourself. Both run on your own machine, with WebGPU or WebAssembly; no image leaves your
        browser.
      </p>
      <p className="mb-5">
        <a className="button" href="/try/train">
          Train a network in your browser
        </a>
      </p>
      <h2>Published networks</h2>
      {tryable.length === 0 ? (
        <p className="card mt-2 p-4">
          No published network can run in the browser yet: a network must be small, and its weights must be
          stored on this site.{' '}
          <a className="link" href="/submit">
            Submit a spec
          </a>
          , and its network can be tried here once it is trained.
        </p>
      ) : (
        <div className="card mt-2">
          <DataTable
            label="Networks to try"
            columns={[
              'Entry',
              'Dataset',
              'Method',
              'Network',
              { number: 'Exits' },
              { number: 'Top-1 of the last exit (%)' },
              { number: 'Download (bytes)' },
            ]}
          >
            {tryable.map(({ entry, dataset, weightsBytes }) => (
              <tr key={entry.id}>
                <th scope="row">
                  <a className="link" href={`/try/${entry.id}`}>
                    {entry.name}
                  </a>
                </th>
                <td>{dataset}</td>
                <td>{entry.method}</td>
                <td>{entry.network}</td>
                <td className="num">{entry.exits.length}</td>
                <td className="num">{percent(entry.ranking.mean)}</td>
                <td className="num">{si(weightsBytes)}</td>
              </tr>
            ))}
          </DataTable>
        </div>
      )}
    </>
  )
}
