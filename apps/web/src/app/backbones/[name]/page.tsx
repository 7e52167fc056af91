import { backbones } from '@mate-bench/nn/describe'
import { backboneTable } from '@mate-bench/store'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { BackboneEntries } from '../../../components/backbone/backbone-entries.tsx'
import { LinkedText } from '../../../components/linked-text.tsx'
import { NoEntry } from '../../../components/no-entry.tsx'
import { OptionTable } from '../../../components/option-table.tsx'
import { Section } from '../../../components/section.tsx'
import { getStore } from '../../../data/store.ts'
import { schemaOptions } from '../../../view/schema-options.ts'

const mostEntries = 50

interface Props {
  readonly params: Promise<{ readonly name: string }>
}

async function findBackbone(params: Props['params']) {
  const { name } = await params
  return backbones.find((backbone) => backbone.name === name)
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const backbone = await findBackbone(params)
  return backbone
    ? { title: backbone.title, description: `${backbone.title} with exits: options, source and entries.` }
    : {}
}

export default async function BackbonePage({ params }: Props) {
  const backbone = await findBackbone(params)
  if (!backbone) notFound()
  const entries = await backboneTable((await getStore()).db, backbone.name, mostEntries)
  return (
    <>
      <p className="text-soft">
        <a className="link" href="/backbones">
          Backbones
        </a>{' '}
        / <code>{backbone.name}</code>
      </p>
      <h1 className="mt-1">{backbone.title}</h1>
      <p className="mt-2 max-w-[85ch] text-[0.93rem] text-soft">
        <LinkedText text={backbone.citation} />
      </p>
      <Section
        id="options"
        title="Options"
        note={`In a spec: "backbone": { "name": "${backbone.name}", ... }. Exits stand after any stage or block; "mate-bench macs SPEC" counts each.`}
      >
        <OptionTable options={schemaOptions(backbone.options)} />
      </Section>
      <Section
        id="entries"
        title="Entries"
        note={entries.length === mostEntries ? `The newest ${mostEntries}.` : undefined}
      >
        {entries.length === 0 ? <NoEntry backbone={backbone.name} /> : <BackboneEntries entries={entries} />}
      </Section>
    </>
  )
}
