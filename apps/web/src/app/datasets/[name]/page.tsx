import { imageFolder } from '@mate-bench/datasets/registry'
import { listEntries, listPublishedResults, type PublishedResult } from '@mate-bench/store'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DataTable } from '../../../components/data-table.tsx'
import { SplitTable } from '../../../components/dataset/split-table.tsx'
import { EntryList } from '../../../components/entry-list.tsx'
import { Facts } from '../../../components/facts.tsx'
import { Fold } from '../../../components/fold.tsx'
import { LinkedText } from '../../../components/linked-text.tsx'
import { OptionTable } from '../../../components/option-table.tsx'
import { PublishedTable } from '../../../components/published-table.tsx'
import { Section } from '../../../components/section.tsx'
import { getStore } from '../../../data/store.ts'
import { getTracks, trackKey } from '../../../data/tracks.ts'
import { defaultSplits } from '../../../view/default-splits.ts'
import { findDataset } from '../../../view/find-dataset.ts'
import { bytes, integer, plural } from '../../../view/numbers.ts'
import { publishedByPaper, shortCitation } from '../../../view/published-sources.ts'
import { sampleSheets } from '../../../view/sample-sheets.ts'
import { schemaOptions } from '../../../view/schema-options.ts'

interface Props {
  readonly params: Promise<{ readonly name: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const dataset = findDataset((await params).name)
  return dataset ? { title: dataset.title, description: `${dataset.title}: source, licence, splits.` } : {}
}

export default async function DatasetPage({ params }: Props) {
  const dataset = findDataset((await params).name)
  if (!dataset) notFound()
  const tracks = (await getTracks()).filter(({ document }) => document.dataset === dataset.name)
  const { db } = await getStore()
  const { rows: items } = await listEntries(db, { dataset: dataset.name, limit: 20 })
  const published = await listPublishedResults(db, { dataset: dataset.name })
  const sheet = sampleSheets[dataset.name]
  const byDefault = defaultSplits(dataset)
  const isOwn = dataset.title === imageFolder.title
  return (
    <>
      <p className="text-soft">
        <a className="link" href="/datasets">
          Datasets
        </a>{' '}
        / <code>{dataset.name}</code>
      </p>
      <h1 className="mt-1">{dataset.title}</h1>
      <div className="card mt-4 px-4 py-3.5">
        <Facts
          facts={[
            ['Source', <LinkedText key="source" text={dataset.homepage} />],
            ['Licence', dataset.licence],
            ['Cite', <LinkedText key="citation" text={dataset.citation} />],
            ...(dataset.caveats ? [['Caveats', dataset.caveats.join(' ')] as const] : []),
            ...(isOwn ? [] : imageFacts(dataset)),
            [
              'Normalisation',
              `mean ${dataset.normalisation.mean.join(', ')}; standard deviation ${dataset.normalisation.std.join(', ')} (${dataset.normalisation.source})`,
            ],
            ['How to get it', howToGet(dataset)],
          ]}
        />
      </div>
      {sheet ? (
        <Section id="samples" title="Samples" note={sheet.note}>
          {/* biome-ignore lint/performance/noImgElement: a small picture of our own, sharp at any size only unscaled */}
          <img
            src={sheet.path}
            alt={sheet.alt}
            width={sheet.width}
            height={sheet.height}
            className="max-w-full rounded border border-line [image-rendering:pixelated]"
          />
        </Section>
      ) : null}
      <Section
        id="splits"
        title="Splits"
        note={
          tracks.length > 0
            ? 'A track fixes splits, preprocessing, protocol and cost convention. Only entries of one track share a table.'
            : isOwn
              ? 'The folders train and test, a file split.csv or --test-share decide which pictures are the test split; validation is drawn from the training images. Tracks appear here once a run is published.'
              : 'The defaults. The test split is the published one; validation is drawn from the training images, stratified by class. The digests appear here once a run is published.'
        }
      >
        <div className="space-y-4">
          {tracks.map((track) => (
            <SplitTable
              key={track.digest}
              label={`Splits of track ${trackKey(track)}`}
              caption={
                <a className="link" href={`/?track=${trackKey(track)}`}>
                  Track {trackKey(track)}
                </a>
              }
              splits={track.document.splits}
            />
          ))}
          {tracks.length === 0 && byDefault ? (
            <SplitTable label="Splits by default" caption="By default" splits={byDefault} />
          ) : null}
        </div>
      </Section>
      {dataset.files.length === 0 ? null : (
        <Section id="files" title="Files" {...(dataset.availability ? { note: dataset.availability } : {})}>
          <div className="card">
            <DataTable
              label="Files"
              caption="Published files"
              columns={['File', { number: 'Size' }, 'Checksum']}
            >
              {dataset.files.map(({ name, bytes: size, sha256, md5 }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className="num">{bytes(size)}</td>
                  <td className="font-mono text-[0.82em]">{sha256 ? `sha256 ${sha256}` : `md5 ${md5}`}</td>
                </tr>
              ))}
            </DataTable>
          </div>
        </Section>
      )}
      <Section id="options" title="Options" note="What a spec can set.">
        <OptionTable options={schemaOptions(dataset.options)} />
      </Section>
      {published.length > 0 ? (
        <Section
          id="published"
          title="Published numbers"
          note="As printed in papers and repositories, with recipes and splits that differ from ours, and often at the best epoch on test data: read the notes before comparing. Never ranked with runs."
        >
          {publishedByPaper(published).map((results) => (
            <PaperFold key={results[0]?.paperId} results={results} />
          ))}
        </Section>
      ) : null}
      {items.length > 0 ? (
        <Section id="entries" title="Latest entries">
          <EntryList entries={items} />
        </Section>
      ) : null}
    </>
  )
}

type Shown = NonNullable<ReturnType<typeof findDataset>>

function imageFacts({ counts, imageShape, classes }: Shown): [string, string][] {
  const [height, width, channels] = imageShape
  return [
    [
      'Images',
      `${integer(counts.train)} for training, ${integer(counts.test)} for testing, ${height} × ${width}, ${channels === 1 ? 'grey' : 'colour'}`,
    ],
    ['Classes', `${classes.length}: ${classes.join(', ')}`],
  ]
}

function howToGet({ name, bundled, files }: Shown): string {
  if (bundled) return 'It ships with MATE Bench.'
  if (files.length === 0) return 'npx mate-bench data add image-folder --from DIR'
  return `npx mate-bench data fetch ${name}, or data add ${name} --from DIR if you have the files; both are verified`
}

/** The numbers of one paper, with its citation and caveats. */
function PaperFold({ results }: { results: readonly PublishedResult[] }) {
  const [first] = results
  if (!first) return null
  const name = shortCitation(first.citation)
  return (
    <Fold summary={`${name}: ${first.citation.title} (${plural(results.length, 'number')})`}>
      <PublishedTable label={`Numbers of ${name}`} results={results} />
    </Fold>
  )
}
