import type { Metadata } from 'next'
import { Contents } from './contents.tsx'
import { ChartSection } from './sections/chart.tsx'
import { CostsSection } from './sections/costs.tsx'
import { IntervalsSection } from './sections/intervals.tsx'
import { RanksSection } from './sections/ranks.tsx'
import { ReproduceSection } from './sections/reproduce.tsx'
import { StudySection } from './sections/study.tsx'
import { SubmitSection } from './sections/submit.tsx'
import { TiersSection } from './sections/tiers.tsx'
import { WordsSection } from './sections/words.tsx'

export const metadata: Metadata = {
  title: 'Docs',
  description:
    'How to read the chart and the ranks, what a tier means, how to submit a spec, and how to check and repeat a number.',
}

const parts = [
  ['words', 'Words'],
  ['chart', 'Reading the chart'],
  ['costs', 'What is counted'],
  ['intervals', 'Intervals'],
  ['ranks', 'How ranks are made'],
  ['errors', 'How often the board errs'],
  ['tiers', 'What a tier means'],
  ['submit', 'Submitting a spec'],
  ['reproduce', 'Checking and repeating a number'],
] as const

const guides = [
  [
    '/docs/check',
    'Check a claim in ten minutes',
    'For reviewers: what a number rests on, and how to recompute it.',
  ],
  ['/docs/submit', 'Get your method on the board', 'For authors: from an idea to an entry, in six steps.'],
  ['/docs/api', 'API reference', 'For programs: everything here as JSON, and submissions.'],
] as const

export default function DocsPage() {
  return (
    <>
      <h1>Docs</h1>
      <p className="mt-2 max-w-[68ch] text-soft">
        How the numbers on this site are made, and how to add to them.
      </p>
      <ul className="mt-4 grid gap-3 sm:grid-cols-3">
        {guides.map(([href, title, note]) => (
          <li key={href}>
            <a href={href} className="card block h-full px-4 py-3 hover:border-soft">
              <strong className="block font-semibold">{title}</strong>
              <span className="text-[0.92rem] text-soft">{note}</span>
            </a>
          </li>
        ))}
      </ul>
      <div className="lg:grid lg:grid-cols-[13rem_minmax(0,1fr)] lg:gap-12">
        <Contents title="On this page" parts={parts} />
        <div className="min-w-0">
          <WordsSection />
          <ChartSection />
          <CostsSection />
          <IntervalsSection />
          <RanksSection />
          <StudySection />
          <TiersSection />
          <SubmitSection />
          <ReproduceSection />
        </div>
      </div>
    </>
  )
}
