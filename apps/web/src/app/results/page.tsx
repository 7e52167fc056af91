import { differenceChart } from '@mate-bench/charts'
import {
  bestAt,
  bestText,
  chartCaption,
  chartTexts,
  differenceRows,
  exitNumbers,
  limits,
  publishedText,
  type StudyResults,
  seedsText,
} from '@mate-bench/results/study'
import document from '@mate-bench/results/study.json' with { type: 'json' }
import type { Metadata } from 'next'
import { Checkout } from '../../components/checkout.tsx'
import { CodeBlock } from '../../components/code-block.tsx'
import { MatrixTable } from '../../components/matrix-table.tsx'
import { QuestionAnswers } from '../../components/results/difference-table.tsx'
import { StudyMethodTable } from '../../components/results/method-table.tsx'
import { ReferenceTable } from '../../components/results/reference-table.tsx'
import { Section } from '../../components/section.tsx'
import { TableScroll } from '../../components/table-scroll.tsx'
import { decimal, integer, plural } from '../../view/numbers.ts'

export const metadata: Metadata = {
  title: 'Results',
  description:
    'Which training method gives the most accurate exits? Every method on one small network, with intervals over seeds and images.',
}

/** Written by `npm run study -- --results`. */
const study: StudyResults = document as StudyResults

const checks = [
  'npm run study -- --check                  # every number of this page, from bench-results; offline',
  'npx mate-bench results list               # the runs by name, and which files they have',
  'npx mate-bench data fetch fashion-mnist',
  'npx mate-bench evaluate NAME              # computes a run’s predictions again, from its weights',
  'npx mate-bench reproduce NAME             # trains a run again: about two minutes, then a verdict',
].join('\n')

export default function ResultsPage() {
  const { splits, methods, runs, attention, wallHours, processors, backends } = study
  const chart = differenceChart(differenceRows(study), chartTexts(study))
  return (
    <>
      <h1>Which training method gives the most accurate exits?</h1>
      <p className="mt-2 max-w-[80ch]">
        A ResNet-8 with three exits, trained in {methods.length} ways on {integer(splits.train)} images of
        Fashion-MNIST and evaluated on all {integer(splits.test)} test images:{' '}
        <strong>{seedsText(study)}</strong>, {plural(runs, 'run')} with the references. Network, schedule,
        seeds and questions were fixed in a protocol before the first run (<code>docs/study-protocol.md</code>{' '}
        in <Checkout />
        ). Comparisons cover seeds and images together,{' '}
        <a className="link" href="/docs#ranks">
          as on the board
        </a>
        .
      </p>
      <Section
        id="differences"
        title="Every method against joint training"
        note={chartCaption(study).replaceAll(' %', '\u202f%')}
      >
        <div className="card p-4">
          <TableScroll label="Chart of differences from joint training">
            {/* biome-ignore lint/security/noDangerouslySetInnerHtml: SVG of packages/charts, which escapes its texts */}
            <div className="wide-drawing text-ink" dangerouslySetInnerHTML={{ __html: chart }} />
          </TableScroll>
        </div>
      </Section>
      <Section id="questions" title="Questions and answers">
        <div className="space-y-6">
          {study.questions.map((question) => (
            <div key={question.id}>
              <h3 className="mb-1">{question.asks}</h3>
              <QuestionAnswers question={question} />
            </div>
          ))}
          <div>
            <h3 className="mb-1">Which method is best at each exit?</h3>
            <ul className="max-w-[80ch] space-y-1">
              {exitNumbers(study).map((k) => (
                <li key={k}>
                  {bestText(study, k)}
                  <span className="block text-[0.92rem] text-soft">
                    {bestAt(study.methods, k)
                      .slice(1)
                      .map(({ name }) => name)
                      .join(', ')}
                  </span>
                </li>
              ))}
            </ul>
          </div>
        </div>
      </Section>
      <Section
        id="methods"
        title="Every method"
        note={`Means over seeds with 95\u202f% intervals; bold differences are significant after Holm’s correction over all methods at that exit, which is stricter than the correction within a question above. MACs are those of the forward passes per training image. Times are those of the fastest run, on one core of ${processors.join(', ')} with the backend ${backends.join(', ')}. The wall times of all runs add up to ${decimal(wallHours, 1)} hours; the machine did other work at the same time.`}
      >
        <StudyMethodTable study={study} />
      </Section>
      <Section
        id="alone"
        title="One exit alone, and the teachers"
        note="References: the network cut off at each exit and trained alone, and the larger networks used as teachers."
      >
        <ReferenceTable study={study} />
      </Section>
      <Section
        id="attention"
        title="What MATE’s teachers attend to"
        note="A row has the weights of one teacher in percent: the teacher is the sum of the exits’ logits with these weights. Means over the last epoch and over seeds."
      >
        <div className="flex flex-wrap gap-5">
          {attention.map(({ name, seeds, mean }) => (
            <MatrixTable
              key={name}
              label={`${name}, ${plural(seeds, 'seed')}`}
              rows={mean.map((_, i) => `teacher ${i + 1}`)}
              columns={mean.map((_, j) => `exit ${j + 1}`)}
              values={mean}
            />
          ))}
        </div>
      </Section>
      <Section id="papers" title="Numbers from papers">
        <p className="max-w-[80ch] whitespace-pre-line">{publishedText(study)}</p>
      </Section>
      <Section id="limits" title="Limits">
        <ul className="max-w-[80ch] list-disc space-y-1 pl-5">
          {limits.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </Section>
      <Section
        id="check"
        title="Check it, repeat it"
        note={
          <>
            Run these in <Checkout />, whose folder <code>bench-results</code> has the runs. A new site starts
            with the same runs on its board.
          </>
        }
      >
        <CodeBlock label="Commands that check and repeat the study">{checks}</CodeBlock>
      </Section>
    </>
  )
}
