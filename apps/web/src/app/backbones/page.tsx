import { backbones } from '@mate-bench/nn/describe'
import { entriesByBackbone } from '@mate-bench/store'
import type { Metadata } from 'next'
import { Catalogue } from '../../components/catalogue.tsx'
import { LinkedText } from '../../components/linked-text.tsx'
import { getStore } from '../../data/store.ts'

export const metadata: Metadata = {
  title: 'Backbones',
  description: 'Networks that exits are attached to, with their options, sources and entries.',
}

export default async function BackbonesPage() {
  const counts = await entriesByBackbone((await getStore()).db)
  return (
    <Catalogue
      title="Backbones"
      lead="The networks that exits are attached to. Each is described once; its forward pass, parameters and multiply-accumulates are read off that description."
      items={backbones.map(({ name, title, citation }) => ({
        ...{ name, title, href: `/backbones/${name}`, entries: counts.get(name) ?? 0 },
        body: (
          <p className="mt-1 text-[0.93rem]">
            <LinkedText text={citation} />
          </p>
        ),
      }))}
    />
  )
}
