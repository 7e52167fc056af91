import { datasets, imageFolder } from '@mate-bench/datasets/registry'
import type { Metadata } from 'next'
import { getTracks } from '../../data/tracks.ts'
import { integer, plural } from '../../view/numbers.ts'

export const metadata: Metadata = {
  title: 'Datasets',
  description: 'Datasets with their sources, licences, splits and published numbers.',
}

export default async function DatasetsPage() {
  const tracks = await getTracks()
  const entriesOn = (name: string) =>
    tracks
      .filter(
        ({ document: { dataset } }) =>
          dataset === name || (name === imageFolder.name && dataset.startsWith(`${name}-`)),
      )
      .reduce((sum, { entries }) => sum + entries, 0)
  return (
    <>
      <h1>Datasets</h1>
      <p className="mt-1 mb-5 max-w-[75ch] text-soft">
        What networks are trained and evaluated on: sources, licences, splits, and the numbers that papers
        print.
      </p>
      <ul className="grid gap-4 md:grid-cols-2">
        {datasets.map(({ name, title, counts, classes, imageShape: [height, width, channels] }) => (
          <li key={name} className="card px-4 py-3.5">
            <h2 className="text-[1.05rem]">
              <a className="link" href={`/datasets/${name}`}>
                {title}
              </a>{' '}
              <code className="font-normal text-soft">{name}</code>
            </h2>
            <p className="mt-1">
              {classes.length === 0
                ? 'Pictures of your own, in class folders, named by their content'
                : `${integer(counts.train)} images for training, ${integer(counts.test)} for testing; ${height} × ${width}, ${channels === 1 ? 'grey' : 'colour'}; ${plural(classes.length, 'class', 'classes')}`}
            </p>
            <p className="mt-1 text-[0.9rem] text-soft">
              {entriesOn(name) === 0 ? 'No entry yet' : plural(entriesOn(name), 'entry', 'entries')}
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}
