import { datasets } from '@mate-bench/datasets/registry'
import { listEntries } from '@mate-bench/store'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { EntryList } from '../../../components/entry-list.tsx'
import { Facts } from '../../../components/facts.tsx'
import { LinkedText } from '../../../components/linked-text.tsx'
import { OptionTable } from '../../../components/option-table.tsx'
import { Section } from '../../../components/section.tsx'
import { TableScroll } from '../../../components/table-scroll.tsx'
import { getStore } from '../../../data/store.ts'
import { getTracks, trackKey } from '../../../data/tracks.ts'
import { bytes, integer } from '../../../view/numbers.ts'
import { sampleSheets } from '../../../view/sample-sheets.ts'
import { schemaOptions } from '../../../view/schema-options.ts'

interface Props {
  readonly params: Promise<{ readonly name: string }>
}

async function findDataset(params: Props['params']) {
  const { name } = await params
  return datasets.find((dataset) => dataset.name === name)
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const dataset = await findDataset(params)
  return dataset ? { title: dataset.title, description: `${dataset.title}: source, licence, splits.` } : {}
}

export default async function DatasetPage({ params }: Props) {
  const dataset = await findDataset(params)
  if (!dataset) notFound()
  const tracks = (await getTracks()).filter(({ document }) => document.dataset === dataset.name)
  const { rows: items } = await listEntries((await getStore()).db, { dataset: dataset.name, limit: 20 })
  const sheet = sampleSheets[dataset.name]
  const [height, width, channels] = dataset.imageShape
  return (
    <>
      <p className="text-soft">Dataset</p>
      <h1 className="mt-1">{dataset.title}</h1>
      <div className="card mt-4 px-4 py-3.5">
        <Facts
          facts={[
            ['Source', <LinkedText key="source" text={dataset.homepage} />],
            ['Licence', dataset.licence],
            ['Cite', <LinkedText key="citation" text={dataset.citation} />],
            [
              'Images',
              `${integer(dataset.counts.train)} for training, ${integer(dataset.counts.test)} for testing, ${height} × ${width}, ${channels === 1 ? 'grey' : 'colour'}`,
            ],
            ['Classes', `${dataset.classes.length}: ${dataset.classes.join(', ')}`],
            [
              'Normalisation',
              `mean ${dataset.normalisation.mean.join(', ')}; standard deviation ${dataset.normalisation.std.join(', ')} (${dataset.normalisation.source})`,
            ],
            [
              'Ships with MATE Bench',
              dataset.bundled ? 'yes' : 'no: it is fetched and verified, npx mate-bench data fetch',
            ],
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
      {tracks.length > 0 ? (
        <Section
          id="splits"
          title="Splits"
          note="A track fixes splits, preprocessing, protocol and cost convention. Only entries of one track share a table."
        >
          <div className="space-y-4">
            {tracks.map((track) => (
              <div key={track.digest} className="card">
                <TableScroll label={`Splits of track ${trackKey(track)}`}>
                  <table className="data">
                    <caption className="px-3 pt-2.5 text-left">
                      <a className="link" href={`/?track=${trackKey(track)}`}>
                        Track {trackKey(track)}
                      </a>
                    </caption>
                    <thead>
                      <tr>
                        <th scope="col">Split</th>
                        <th scope="col" className="num">
                          Images
                        </th>
                        <th scope="col">Digest of the indices</th>
                      </tr>
                    </thead>
                    <tbody>
                      {(['train', 'validation', 'test'] as const).map((split) => (
                        <tr key={split}>
                          <th scope="row">{split}</th>
                          <td className="num">{integer(track.document.splits[split].count)}</td>
                          <td className="font-mono text-[0.82em]">{track.document.splits[split].digest}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </TableScroll>
              </div>
            ))}
          </div>
        </Section>
      ) : null}
      <Section id="files" title="Files">
        <div className="card">
          <TableScroll label="Files">
            <table className="data">
              <caption className="sr-only">Published files</caption>
              <thead>
                <tr>
                  <th scope="col">File</th>
                  <th scope="col" className="num">
                    Size
                  </th>
                  <th scope="col">Checksum</th>
                </tr>
              </thead>
              <tbody>
                {dataset.files.map(({ name, bytes: size, sha256, md5 }) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td className="num">{bytes(size)}</td>
                    <td className="font-mono text-[0.82em]">{sha256 ? `sha256 ${sha256}` : `md5 ${md5}`}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        </div>
      </Section>
      <Section id="options" title="Options" note="What a spec may choose about it.">
        <OptionTable options={schemaOptions(dataset.options)} />
      </Section>
      {items.length > 0 ? (
        <Section id="entries" title="Latest entries">
          <EntryList entries={items} />
        </Section>
      ) : null}
    </>
  )
}
