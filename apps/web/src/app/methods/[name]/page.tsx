import { methods } from '@mate-bench/methods'
import { listEntries, listPublishedResults } from '@mate-bench/store'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { EntryList } from '../../../components/entry-list.tsx'
import { Equation } from '../../../components/equation.tsx'
import { LinkedText } from '../../../components/linked-text.tsx'
import { OwnNumbers } from '../../../components/method/own-numbers.tsx'
import { OptionTable } from '../../../components/option-table.tsx'
import { PublishedTable } from '../../../components/published-table.tsx'
import { Section } from '../../../components/section.tsx'
import { getStore } from '../../../data/store.ts'
import { equationLetters, methodEquations } from '../../../view/method-equations.ts'
import { schemaOptions } from '../../../view/schema-options.ts'
import 'katex/dist/katex.min.css'

interface Props {
  readonly params: Promise<{ readonly name: string }>
}

async function findMethod(params: Props['params']) {
  const { name } = await params
  return methods.find((method) => method.name === name)
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const method = await findMethod(params)
  return method ? { title: method.title, description: method.summary } : {}
}

export default async function MethodPage({ params }: Props) {
  const method = await findMethod(params)
  if (!method) notFound()
  const { db } = await getStore()
  const { rows: items } = await listEntries(db, { method: method.name, limit: 50 })
  const published = await listPublishedResults(db, { benchMethod: method.name })
  return (
    <>
      <p className="text-soft">
        <a className="link" href="/methods">
          Methods
        </a>{' '}
        / <code>{method.name}</code>
      </p>
      <h1 className="mt-1">{method.title}</h1>
      <p className="mt-1.5 max-w-[75ch]">{method.summary}</p>
      <p className="mt-2 max-w-[85ch] text-[0.93rem] text-soft">
        <LinkedText text={method.citation} />
      </p>
      <Section id="loss" title="Loss" note={equationLetters}>
        <div className="card px-4 py-2">
          {(methodEquations[method.name] ?? []).map((tex) => (
            <Equation key={tex} tex={tex} />
          ))}
        </div>
      </Section>
      <Section
        id="options"
        title="Options"
        note={`In a spec: "method": { "name": "${method.name}", ... }. Needs at least ${method.minimumExits} exits.`}
      >
        <OptionTable options={schemaOptions(method.options)} />
      </Section>
      <Section id="entries" title="Our numbers">
        {items.length === 0 ? (
          <p className="text-soft">No entry yet.</p>
        ) : (
          <>
            <OwnNumbers entryIds={items.map(({ id }) => id)} />
            <EntryList entries={items} />
          </>
        )}
      </Section>
      {published.length > 0 ? (
        <Section
          id="published"
          title="The paper’s numbers"
          note="As printed. Other networks, recipes and splits than ours, and often the best epoch on test data: read the notes under the table before comparing. Never ranked with runs."
        >
          <PublishedTable label="Published numbers" results={published} />
        </Section>
      ) : null}
    </>
  )
}
