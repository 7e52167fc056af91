import { agreementMatrix } from '@mate-bench/stats'
import type { Metadata } from 'next'
import { BoardChart } from '../../components/board/board-chart.tsx'
import { CodeBlock } from '../../components/code-block.tsx'
import { ClassDeltas } from '../../components/compare/class-deltas.tsx'
import { CurveTable } from '../../components/compare/curve-table.tsx'
import { DiffTable } from '../../components/compare/diff-table.tsx'
import { PairTable } from '../../components/compare/pair-table.tsx'
import { PairedNotes } from '../../components/compare/paired-notes.tsx'
import { PairedTable } from '../../components/compare/paired-table.tsx'
import { MatrixTable } from '../../components/matrix-table.tsx'
import { Section } from '../../components/section.tsx'
import { Swatch } from '../../components/swatch.tsx'
import { TableScroll } from '../../components/table-scroll.tsx'
import { getComparison } from '../../data/comparison.ts'
import { getRunFiles } from '../../data/run-files.ts'
import { shortId } from '../../data/short-link.ts'
import { siteUrl } from '../../data/site-url.ts'
import type { SearchParams } from '../../view/board-params.ts'
import { chartedEntries } from '../../view/charted-entries.ts'
import { diffGroups, manifestDiff } from '../../view/manifest-diff.ts'
import { integer, plural } from '../../view/numbers.ts'
import { pairedRows } from '../../view/paired-rows.ts'
import { rightAndWrong } from '../../view/right-and-wrong.ts'

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
      <>
        <h1>Compare</h1>
        <div className="card mt-5 max-w-[75ch] px-5 py-4">
          <p>{result.reason}</p>
          <p className="mt-2 text-soft">
            A comparison shows the paired difference at every exit with its interval and p-value, how often
            the entries agree, and what differs between their specs. Tick the boxes of two to six rows, then
            press Compare selected.
          </p>
          <p className="mt-3">
            <a className="button button-primary" href="/#board">
              Choose on the board
            </a>
          </p>
        </div>
      </>
    )
  }
  const { entries, runs, dataset, images, spreads } = result.comparison
  const charted = chartedEntries({ shown: entries, matching: entries, all: entries })
  const paired = pairedRows(entries, spreads)
  const names = entries.map(({ name }) => name)
  const [base] = entries
  const files = await Promise.all(runs.map((run) => getRunFiles(run)))
  const tables = files.flatMap((file) => (file.found ? [file.predictions.table] : []))
  const unreadable = files.flatMap((file) => (file.found ? [] : [file.reason]))[0]
  const firsts = entries.map(({ name, seeds }) => `${name} seed ${seeds[0]}`).join(', ')
  const diff = manifestDiff(runs.map(({ manifest }) => manifest))
  return (
    <>
      <h1>
        {names[0]} against {names.slice(1).join(', ')}
      </h1>
      <ul className="mt-2 flex flex-wrap gap-x-6 gap-y-1">
        {entries.map(({ id, name, seeds, synthetic }) => (
          <li key={id} data-entry={id}>
            <Swatch {...(charted.styles.get(id) ?? { colour: 0, symbol: 0 })} />
            <a className="link" href={`/entries/${id}`}>
              {name}
            </a>{' '}
            <span className="text-soft">{plural(seeds.length, 'seed')}</span>
            {synthetic ? <span className="tag ml-2">synthetic</span> : null}
          </li>
        ))}
      </ul>
      <div className="card mt-5 p-4">
        <BoardChart dataset={dataset} unit="macs" charted={charted} frontier={[]} published={[]} />
        <CurveTable entries={entries} />
      </div>
      <Section
        id="differences"
        title="Paired differences"
        note={`Percentage points against ${base?.name ?? ''}, on the same test images, with 95\u202f% intervals over seeds and images. Coloured: significant.`}
      >
        <div className="card w-fit max-w-full">
          <TableScroll label="Paired differences">
            <PairedTable entries={entries} rows={paired} />
          </TableScroll>
        </div>
        <PairedNotes rows={paired} />
      </Section>
      <Section
        id="agreement"
        title="Agreement"
        note={`Last exits of the first runs (${firsts}), on ${integer(images)} test images.`}
      >
        <div className="flex flex-wrap items-start gap-4">
          {unreadable ? (
            <p className="basis-full text-soft">
              {unreadable} Agreement and accuracy by class need predictions, so they are left out.
            </p>
          ) : (
            <MatrixTable
              label="The same class predicted (%)"
              rows={names}
              columns={names}
              values={agreementMatrix(tables.flatMap(({ exits }) => exits.at(-1) ?? []))}
            />
          )}
          <div className="card w-fit max-w-full">
            <TableScroll label="Right and wrong together">
              <PairTable names={names} pairs={rightAndWrong(entries)} />
            </TableScroll>
          </div>
        </div>
      </Section>
      {unreadable ? null : (
        <Section
          id="classes"
          title="By class"
          note="The same runs and exits; classes that differ most come first. The first column is accuracy, the others are differences from it."
        >
          <div className="card w-fit max-w-full">
            <TableScroll label="Accuracy by class">
              <ClassDeltas dataset={dataset} entries={entries} tables={tables} />
            </TableScroll>
          </div>
        </Section>
      )}
      <Section id="manifests" title="Manifests" note="Where the manifests of the first runs differ.">
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
      <Section id="link" title="Link">
        <CodeBlock label="Link">
          {new URL(`/c/${entries.map(({ id }) => shortId(id)).join('-')}`, siteUrl()).href}
        </CodeBlock>
      </Section>
    </>
  )
}
