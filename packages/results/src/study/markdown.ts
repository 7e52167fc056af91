import {
  decimal,
  integer,
  intervalText,
  meanText,
  percent,
  pValueText,
  signedInterval,
  signedPercent,
} from '@mate-bench/schema/numbers'
import {
  bestAt,
  bestText,
  chartCaption,
  exitNumbers,
  limits,
  pairName,
  pairsOf,
  pairVerdict,
  publishedText,
  seedsText,
} from './sentences.ts'
import type { StudyAttention, StudyExit, StudyReference, StudyResults } from './study-results.ts'

/** docs/results.md: the study's page, as text. Equal input is equal output. */
export function studyMarkdown(study: StudyResults): string {
  return `${[
    '# Results of the study',
    '<!-- written by npm run study -- --results; npm run study -- --check compares it with bench-results -->',
    introduction(study),
    '![Difference of every method from joint training at each exit](images/results.svg)',
    chartCaption(study),
    '## Questions and answers',
    ...study.questions.map(questionText),
    '### Which method is best at each exit?',
    exitNumbers(study)
      .map((k) => `- ${[bestText(study, k), ...sharerLines(study, k)].join('\n  ')}`)
      .join('\n'),
    '## Every method',
    'Top-1 (%) at each exit: mean over seeds and 95 % interval, then the difference from joint training in points. **Bold**: significant after Holm’s correction over all methods at that exit, which is stricter than the correction within a question above.',
    methodTable(study),
    '## One exit alone, and the teachers',
    table(
      ['Network', 'Seeds', 'MACs (M)', 'Top-1 (%) and 95 % interval'],
      study.references.map(referenceCells),
    ),
    '## What MATE’s teachers attend to',
    'A row has the weights of one teacher in percent: the teacher is the sum of the exits’ logits with these weights. Means over the last epoch and over seeds, ± one standard deviation.',
    ...study.attention.map(attentionText),
    '## What training costs',
    costText(study),
    costTable(study),
    '## Numbers from papers',
    publishedText(study),
    '## Limits',
    limits.map((limit) => `- ${limit}`).join('\n'),
    '## Check it, repeat it',
    repeatText,
  ].join('\n\n')}\n`
}

function introduction(study: StudyResults): string {
  const { splits, runs, methods } = study
  return `Which training method gives the most accurate exits on one small network and one schedule, by how much, and how sure is that? A ResNet-8 with three exits was trained in ${methods.length} ways on ${integer(splits.train)} images of Fashion-MNIST and evaluated on all ${integer(splits.test)} test images: **${seedsText(study)}**, ${runs} runs with the references. The [protocol](study-protocol.md) was committed before the first run. Comparisons use crossed random effects of seeds and images ([statistics.md](statistics.md)).`
}

function sharerLines(study: StudyResults, k: number): string[] {
  const names = bestAt(study.methods, k).slice(1)
  return names.length === 0 ? [] : [names.map(({ name }) => name).join(', ')]
}

function questionText({ asks, ...question }: StudyResults['questions'][number]): string {
  const pairs = pairsOf({ asks, ...question })
  if (pairs.length === 0) return `### ${asks}\n\nNot trained yet.`
  const verdicts = pairs.map(({ of, answers }) => `- ${pairName(of)}: ${lower(pairVerdict(answers))}`)
  const rows = pairs.flatMap(({ of, answers }) =>
    answers.map((answer) => [
      of,
      answer.k === null ? '–' : String(answer.k),
      String(answer.seeds),
      bold(signedPercent(answer.difference), answer.apart),
      signedInterval(answer),
      answer.seeds < 2 ? '–' : pValueText(answer.adjustedPValue),
    ]),
  )
  const columns = ['Difference', 'Exit', 'Seeds', 'Points', '95 % interval', 'p, Holm']
  return `### ${asks}\n\n${verdicts.join('\n')}\n\n${table(columns, rows)}`
}

function methodTable(study: StudyResults): string {
  const exits = exitNumbers(study)
  const columns = ['Method', 'Seeds', ...exits.flatMap((k) => [`Exit ${k}`, `minus joint`])]
  const rows = study.methods.map(({ name, seeds, exits: own }) => [
    name,
    String(seeds.length),
    ...own.flatMap((exit) => [accuracy(exit), againstJoint(exit)]),
  ])
  return table(columns, rows)
}

function accuracy({ mean, lower: low, upper }: Pick<StudyExit, 'mean' | 'lower' | 'upper'>): string {
  return `${percent(mean)} ${intervalText({ lower: low, upper })}`
}

function againstJoint({ againstJoint: against }: StudyExit): string {
  if (!against) return '–'
  return `${bold(signedPercent(against.difference), against.apart)} ${signedInterval(against)}`
}

function referenceCells(reference: StudyReference): string[] {
  const { name, seeds, sequentialMacs } = reference
  return [name, String(seeds.length), decimal(sequentialMacs / 1e6, 2), accuracy(reference)]
}

function attentionText({ name, seeds, mean, sd }: StudyAttention): string {
  const columns = [
    `${name}, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`,
    ...mean.map((_, j) => `exit ${j + 1}`),
  ]
  const rows = mean.map((row, i) => [
    `teacher ${i + 1}`,
    ...row.map((value, j) => {
      const spread = sd?.[i]?.[j]
      return `${meanText({ mean: value, sd: spread ?? null }, 1)}`
    }),
  ])
  return table(columns, rows)
}

function costText({ wallHours, processors, backends }: StudyResults): string {
  return `MACs of the forward passes per training image, as a multiple of joint training's, and the wall time of the fastest run of each method, on one core of ${processors.join(', ')} with the backend ${backends.join(', ')}. The wall times of all runs add up to ${decimal(wallHours, 1)} hours; the machine did other work at the same time.`
}

function costTable({ methods }: StudyResults): string {
  const rows = methods.map(({ name, trainingMacs, fastestSeconds }) => [
    name,
    trainingMacs === null ? '–' : decimal(trainingMacs, 2),
    decimal(fastestSeconds, 0),
  ])
  return table(['Method', 'MACs × joint', 'Seconds, fastest run'], rows)
}

const repeatText = `\`\`\`sh
npm run study -- --check                    # every number of this page, from bench-results; offline
npx mate-bench results list                 # the runs by name, and which files they have
npx mate-bench data fetch fashion-mnist
npx mate-bench evaluate NAME                # computes a run's predictions again, from its weights
npx mate-bench reproduce NAME               # trains a run again: about two minutes, then a verdict
\`\`\``

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(columns), line(columns.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  )
}

const bold = (text: string, is: boolean) => (is ? `**${text}**` : text)
const lower = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`
