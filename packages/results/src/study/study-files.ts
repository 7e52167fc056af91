import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { differenceChart } from '@mate-bench/charts'
import { projectFolder } from '@mate-bench/harness/environment'
import { z } from 'zod'
import { readAllPacked } from '../results-folder.ts'
import { studyMarkdown } from './markdown.ts'
import { chartTexts, differenceRows } from './sentences.ts'
import { studyResults } from './study-results.ts'

/** A file that follows from the packed runs. */
export interface StudyFile {
  /** From the project's folder. */
  readonly path: string
  readonly content: string
}

/**
 * Computes every file that the study's results are shown by: what the site's page reads, the document, and the picture in it.
 * The same packed runs give the same bytes.
 *
 * @param folder of packed runs
 * @throws BenchError `not-found` without runs; `bad-input`, `verification-failed` for a packed run that does not hold
 */
export function studyFiles(folder: string): StudyFile[] {
  const runs = readAllPacked(folder).filter(({ manifest }) => manifest.spec.name.startsWith('study-'))
  const study = studyResults(runs, publishedLines())
  const chart = differenceChart(differenceRows(study), { ...chartTexts(study), file: true })
  return [
    { path: 'packages/results/study/study.json', content: `${JSON.stringify(study, null, 1)}\n` },
    { path: 'docs/results.md', content: studyMarkdown(study) },
    { path: 'docs/images/results.svg', content: chart },
  ]
}

const referenceSchema = z.looseObject({
  citation: z.looseObject({ title: z.string(), url: z.string() }),
  tables: z.array(
    z.looseObject({
      series: z.array(
        z.looseObject({
          dataset: z.string(),
          architecture: z.string(),
          method: z.string(),
          metric: z.string(),
          points: z.array(z.looseObject({ exit: z.string(), value: z.number() })),
        }),
      ),
    }),
  ),
})

/** Of every paper, what it prints of the study's network on its dataset. */
function publishedLines(): string[] {
  const folder = join(projectFolder(), 'bench-specs', 'references')
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.sort().flatMap((name) => {
    const { citation, tables } = referenceSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
    return tables.flatMap(({ series }) =>
      series
        .filter(({ dataset, architecture }) => dataset === 'fashion-mnist' && architecture === 'resnet8')
        .map(
          ({ method, metric, points }) =>
            `${method}, ${metric}: ${points.map(({ exit, value }) => `exit ${exit} ${value}`).join(', ')} (${citation.title}, ${citation.url})`,
        ),
    )
  })
}
