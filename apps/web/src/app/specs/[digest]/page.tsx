import { findSpec, listEntries } from '@mate-bench/store'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CodeBlock } from '../../../components/code-block.tsx'
import { CostLedger } from '../../../components/entry/cost-ledger.tsx'
import { EntryList } from '../../../components/entry-list.tsx'
import { Fold } from '../../../components/fold.tsx'
import { Section } from '../../../components/section.tsx'
import { getStore } from '../../../data/store.ts'
import { parseDigest } from '../../../view/digest.ts'
import { shortDigest } from '../../../view/numbers.ts'

interface Props {
  readonly params: Promise<{ readonly digest: string }>
}

async function getSpec(params: Props['params']) {
  const { digest } = await params
  const wanted = parseDigest(digest)
  return wanted === undefined ? undefined : await findSpec((await getStore()).db, wanted)
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const spec = await getSpec(params)
  if (!spec) return {}
  return { title: `Spec ${spec.name}`, alternates: { canonical: `/specs/${spec.id.replace('sha256:', '')}` } }
}

export default async function SpecPage({ params }: Props) {
  const spec = await getSpec(params)
  if (!spec) notFound()
  const { rows: items } = await listEntries((await getStore()).db, { specDigest: spec.id, limit: 50 })
  const text = JSON.stringify(spec.document, null, 2)
  return (
    <>
      <p className="text-soft">
        <a className="link" href="/specs">
          Specs
        </a>{' '}
        / {shortDigest(spec.id)}
      </p>
      <h1 className="mt-1">{spec.name}</h1>
      {spec.document.description ? <p className="mt-1 max-w-[75ch]">{spec.document.description}</p> : null}
      <p className="mt-1.5 font-mono text-[0.82rem] break-all text-soft">{spec.id}</p>
      <Section id="document" title="Document">
        <CodeBlock label="Spec">{text}</CodeBlock>
        <p className="mt-2 text-[0.92rem]">
          <a className="link" href={`/submit?spec=${spec.id.replace('sha256:', '')}`}>
            Use it as the start of a spec of your own
          </a>
        </p>
        <Fold summary="Cost of each layer">
          <CostLedger spec={spec.document} digest={spec.id} />
        </Fold>
      </Section>
      <Section id="entries" title="Entries">
        <EntryList entries={items} />
      </Section>
    </>
  )
}
