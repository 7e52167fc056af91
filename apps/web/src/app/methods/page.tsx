import { methods } from '@mate-bench/methods'
import { entriesByMethod } from '@mate-bench/store'
import type { Metadata } from 'next'
import { EntryCount } from '../../components/entry-count.tsx'
import { getStore } from '../../data/store.ts'
import { methodCostText } from '../../view/training-cost.ts'

export const metadata: Metadata = {
  title: 'Methods',
  description: 'Training methods for multi-exit networks, with their losses, options and sources.',
}

export default async function MethodsPage() {
  const counts = await entriesByMethod((await getStore()).db)
  const entries = (name: string) => counts.get(name) ?? 0
  return (
    <>
      <h1>Methods</h1>
      <p className="mt-1 mb-5 max-w-[75ch] text-soft">
        Ways to train a network with several exits. Each is one file of code, with its loss in the paper's
        order. At inference all of them run the same network at the same cost.
      </p>
      <ul className="grid gap-4 md:grid-cols-2">
        {methods.map((method) => {
          const { name, title, summary } = method
          return (
            <li key={name} className="card px-4 py-3.5">
              <h2 className="text-[1.05rem]">
                <a className="link" href={`/methods/${name}`}>
                  {title}
                </a>{' '}
                <code className="font-normal text-soft">{name}</code>
              </h2>
              <p className="mt-1">{summary}</p>
              <p className="mt-1 text-[0.9rem] text-soft">{methodCostText(method)}</p>
              <p className="mt-1 text-[0.9rem] text-soft">
                <EntryCount entries={entries(name)} start={{ method: name }} />
              </p>
            </li>
          )
        })}
      </ul>
    </>
  )
}
