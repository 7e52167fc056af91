import { backbones } from '@mate-bench/nn/describe'
import { entriesByBackbone } from '@mate-bench/store'
import type { Metadata } from 'next'
import { EntryCount } from '../../components/entry-count.tsx'
import { LinkedText } from '../../components/linked-text.tsx'
import { getStore } from '../../data/store.ts'

export const metadata: Metadata = {
  title: 'Backbones',
  description: 'Networks that exits are attached to, with their options, sources and entries.',
}

export default async function BackbonesPage() {
  const counts = await entriesByBackbone((await getStore()).db)
  const entries = (name: string) => counts.get(name) ?? 0
  return (
    <>
      <h1>Backbones</h1>
      <p className="mt-1 mb-5 max-w-[75ch] text-soft">
        The networks that exits are attached to. Each is described once; its forward pass, parameters and
        multiply-accumulates are read off that description.
      </p>
      <ul className="grid gap-4 md:grid-cols-2">
        {backbones.map(({ name, title, citation }) => (
          <li key={name} className="card px-4 py-3.5">
            <h2 className="text-[1.05rem]">
              <a className="link" href={`/backbones/${name}`}>
                {title}
              </a>{' '}
              <code className="font-normal text-soft">{name}</code>
            </h2>
            <p className="mt-1 text-[0.93rem]">
              <LinkedText text={citation} />
            </p>
            <p className="mt-1 text-[0.9rem] text-soft">
              <EntryCount entries={entries(name)} start={{ backbone: name }} />
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}
