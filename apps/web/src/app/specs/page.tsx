import { listSpecs } from '@mate-bench/store'
import type { Metadata } from 'next'
import { DataTable } from '../../components/data-table.tsx'
import { pageOfList } from '../../data/page-of-list.ts'
import { getStore } from '../../data/store.ts'
import type { SearchParams } from '../../view/board-params.ts'
import { shortDigest } from '../../view/numbers.ts'

export const metadata: Metadata = { title: 'Specs', description: 'Specs of published runs, by digest.' }

export default async function SpecsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { db } = await getStore()
  const { rows: items, next } = await pageOfList(await searchParams, (cursor) =>
    listSpecs(db, { limit: 100, cursor }),
  )
  return (
    <>
      <h1>Specs</h1>
      <p className="mt-1 mb-5 max-w-[75ch] text-soft">
        A spec says what to train and how to evaluate it. It is one JSON document, named by the digest of its
        content: specs with the same digest are the same.
      </p>
      {items.length === 0 ? (
        <div className="card px-5 py-4">
          <p>
            No run has been published yet.{' '}
            <a className="link" href="/submit">
              Submit a spec
            </a>
          </p>
          <p className="mt-1 text-soft">
            The spec of every published run is listed here. <code>npx mate-bench results load</code> publishes
            the runs of the study.
          </p>
        </div>
      ) : (
        <div className="card">
          <DataTable
            label="Specs"
            caption="Specs, newest first"
            columns={[
              'Digest',
              'Name',
              'Method',
              'Backbone',
              'Heads',
              'Dataset',
              { number: 'Exits' },
              'First published',
            ]}
          >
            {items.map((spec) => (
              <tr key={spec.id}>
                <th scope="row">
                  <a
                    className="link font-mono text-[0.88em]"
                    href={`/specs/${spec.id.replace('sha256:', '')}`}
                  >
                    {shortDigest(spec.id)}
                  </a>
                </th>
                <td>{spec.name}</td>
                <td>{spec.method}</td>
                <td>{spec.backbone}</td>
                <td>{spec.head}</td>
                <td>{spec.dataset}</td>
                <td className="num">{spec.exits}</td>
                <td>{spec.publishedAt.toISOString().slice(0, 10)}</td>
              </tr>
            ))}
          </DataTable>
        </div>
      )}
      {next ? (
        <p className="mt-3">
          <a className="link" rel="next" href={`/specs?cursor=${encodeURIComponent(next)}`}>
            Older specs
          </a>
        </p>
      ) : null}
    </>
  )
}
