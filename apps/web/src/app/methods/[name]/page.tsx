import { methods } from '@mate-bench/methods'
import { listPublishedResults, methodTable } from '@mate-bench/store'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Equation } from '../../../components/equation.tsx'
import { Fold } from '../../../components/fold.tsx'
import { LinkedText } from '../../../components/linked-text.tsx'
import { EvidenceTable } from '../../../components/method/evidence-table.tsx'
import { OwnChart } from '../../../components/method/own-chart.tsx'
import { OwnNumbers } from '../../../components/method/own-numbers.tsx'
import { PresetList } from '../../../components/method/preset-list.tsx'
import { SideBySideTable } from '../../../components/method/side-by-side-table.tsx'
import { NoEntry } from '../../../components/no-entry.tsx'
import { OptionTable } from '../../../components/option-table.tsx'
import { PublishedTable } from '../../../components/published-table.tsx'
import { Section } from '../../../components/section.tsx'
import { getStore } from '../../../data/store.ts'
import { equationLetters, methodEquations } from '../../../view/method-equations.ts'
import { plural } from '../../../view/numbers.ts'
import { schemaOptions } from '../../../view/schema-options.ts'
import { sideBySide } from '../../../view/side-by-side.ts'
import { methodCostText } from '../../../view/training-cost.ts'
import 'katex/dist/katex.min.css'

const mostEntries = 50

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
  const entries = await methodTable(db, method.name, mostEntries)
  const published = await listPublishedResults(db, { benchMethod: method.name })
  const { groups, others } = sideBySide(entries, published)
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
      <Section id="cost" title="Cost in training" note="With the default options, in a run of 200 epochs.">
        <p>{methodCostText(method)}</p>
      </Section>
      <Section
        id="options"
        title="Options"
        note={`In a spec: "method": { "name": "${method.name}", ... }. Needs at least ${plural(method.minimumExits, 'exit')}.`}
      >
        <OptionTable options={schemaOptions(method.options)} />
      </Section>
      {method.presets ? (
        <Section
          id="presets"
          title="Presets"
          note={`Options that belong together: "method": { "name": "${method.name}", "preset": "..." }. Options that a spec sets itself win over the preset’s. A published spec lists the options, not the preset.`}
        >
          <PresetList presets={method.presets} />
        </Section>
      ) : null}
      {method.evidence ? (
        <Section
          id="evidence"
          title="What the choices rest on"
          note="Where the paper is silent, or could not be read."
        >
          <EvidenceTable evidence={method.evidence} />
        </Section>
      ) : null}
      <Section
        id="entries"
        title="Our numbers"
        note={entries.length === mostEntries ? `The newest ${mostEntries} entries.` : undefined}
      >
        {entries.length === 0 ? (
          <NoEntry method={method.name} />
        ) : (
          <>
            <OwnChart entries={entries} />
            <OwnNumbers method={method.name} entries={entries} />
          </>
        )}
      </Section>
      {published.length > 0 ? (
        <Section
          id="published"
          title="Beside the papers’ numbers"
          note="As printed, with recipes and splits that differ from ours, and often at the best epoch on test data: read the notes before comparing. Never ranked with runs. After ±: our standard deviation over seeds, their printed 95&#8239;% interval."
        >
          {groups.length > 0 ? (
            <SideBySideTable groups={groups} />
          ) : (
            <p className="text-soft">We have no entry for a network and dataset that these papers report.</p>
          )}
          {others.length > 0 ? (
            <Fold summary={`${plural(others.length, 'printed number')} without a counterpart here`}>
              <PublishedTable label="Published numbers" results={others} />
            </Fold>
          ) : null}
        </Section>
      ) : null}
    </>
  )
}
