import { methods } from '@mate-bench/methods'
import { entriesByMethod } from '@mate-bench/store'
import type { Metadata } from 'next'
import { Catalogue } from '../../components/catalogue.tsx'
import { getStore } from '../../data/store.ts'
import { methodCostText } from '../../view/training-cost.ts'

export const metadata: Metadata = {
  title: 'Methods',
  description: 'Training methods for multi-exit networks, with their losses, options and sources.',
}

export default async function MethodsPage() {
  const counts = await entriesByMethod((await getStore()).db)
  return (
    <Catalogue
      title="Methods"
      lead="Ways to train a network with several exits. Each is one file of code, with its loss in the paper's order. At inference all of them run the same network at the same cost."
      items={methods.map((method) => ({
        name: method.name,
        title: method.title,
        href: `/methods/${method.name}`,
        entries: counts.get(method.name) ?? 0,
        body: (
          <>
            <p className="mt-1">{method.summary}</p>
            <p className="mt-1 text-[0.9rem] text-soft">{methodCostText(method)}</p>
          </>
        ),
      }))}
    />
  )
}
