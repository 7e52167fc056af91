import type { Metadata } from 'next'
import { BoardChart } from '../../components/board/board-chart.tsx'
import { ClassDeltas } from '../../components/compare/class-deltas.tsx'
import { DiffTable } from '../../components/compare/diff-table.tsx'
import { PairedTable } from '../../components/compare/paired-table.tsx'
import { MatrixTable } from '../../components/matrix-table.tsx'
import { Section } from '../../components/section.tsx'
import { Swatch } from '../../components/swatch.tsx'
import { TableScroll } from '../../components/table-scroll.tsx'
import { getComparison } from '../../data/comparison.ts'
import { getRunFiles } from '../../data/run-files.ts'
import type { SearchParams } from '../../view/board-params.ts'
import { diffGroups, manifestDiff } from '../../view/manifest-diff.ts'
import { plural } from '../../view/numbers.ts'
import { agreement } from '../../view/paired-rows.ts'

export const metadata: Metadata = { title: 'Compare', robots: { index: false } }

const titles = { spec: 'Spec', data: 'Data', code: 'Code', environment: 'Environment' } as const

export default async function ComparePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { entries: asked } = await searchParams
  const ids = (Array.isArray(asked) ? asked : [asked ?? ''])
    .flatMap((text) => text.split(','))
    .filter(Boolean)
  const result = await getComparison(ids)
  if (!result.ok) {
    return (
      <div className="prose">
        <h1>Compare</h1>
        <p>{result.reason}</p>
        <p>
          <a className="link" href="/">
            To the board
          </a>
        </p>
      </div>
    )
  }
  const { entries, runs, dataset } = result.comparison
  const names = entries.map(({ name }) => name)
  const [base] = entries
  const files = await Promise.all(runs.map(({ manifest }) => getRunFiles(manifest)))
  const tables = files.flatMap((file) => (file.found ? [file.predictions.table] : []))
  const diff = manifestDiff(runs.map(({ manifest }) => manifest))
  return (
    <>
      <h1>{names.join(' against ')}</h1>
      <ul className="mt-2 flex flex-wrap gap-x-6 gap-y-1">
        {entries.map(({ id, name, seeds }, i) => (
          <li key={id}>
            <Swatch index={i} />
            <a className="link" href={`/entries/${id}`}>
              {name}
            </a>{' '}
            <span className="text-soft">{plural(seeds.length, 'seed')}</span>
          </li>
        ))}
      </ul>
      <div className="card mt-5 p-4">
        <BoardChart dataset={dataset} unit="macs" entries={entries} frontier={[]} published={[]} />
      </div>
      <Section
        id="differences"
        title="Paired differences"
        note={`Percentage points against ${base?.name ?? ''}, on the same test images, with 95 % intervals over seeds and images. In colour where the interval leaves out zero.`}
      >
        <div className="card">
          <TableScroll label="Paired differences">
            <PairedTable entries={entries} />
          </TableScroll>
        </div>
      </Section>
      <Section
        id="agreement"
        title="Agreement"
        note="First seeds, last exits: on which share of the test images two entries are both right or both wrong."
      >
        <MatrixTable
          label="Both right or both wrong (%)"
          rows={names}
          columns={names}
          values={agreement(entries)}
        />
      </Section>
      {tables.length === entries.length ? (
        <Section
          id="classes"
          title="By class"
          note={`First seeds, last exits; the classes that differ most. The first column is the accuracy, the others what to add to it.`}
        >
          <div className="card">
            <TableScroll label="Accuracy by class">
              <ClassDeltas dataset={dataset} entries={entries} tables={tables} />
            </TableScroll>
          </div>
        </Section>
      ) : null}
      <Section id="manifests" title="Manifests" note="What the first runs were made of, where it differs.">
        <div className="space-y-4">
          {diffGroups.map((group) => (
            <div key={group} className="card">
              <TableScroll label={`Differences: ${titles[group]}`}>
                <DiffTable title={titles[group]} names={names} rows={diff[group]} />
              </TableScroll>
            </div>
          ))}
        </div>
      </Section>
    </>
  )
}
