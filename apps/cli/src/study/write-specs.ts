import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '@mate-bench/harness/environment'
import { type StudySpec, studySpecs } from './specs.ts'

/** Where the study's specs lie. */
export const studySpecFolder = (): string => join(projectFolder(), 'bench-specs', 'study')

/** As the formatter of the repository leaves it, short lists on one line. */
export function formatSpec({ document }: StudySpec): string {
  const text = JSON.stringify(document, null, 2)
  const compact = text.replace(
    /\[\n\s+((?:"[^"]*"|[\d.]+)(?:,\n\s+(?:"[^"]*"|[\d.]+))*)\n\s+\]/g,
    (_, items: string) => `[${items.replace(/,\n\s+/g, ', ')}]`,
  )
  return `${compact}\n`
}

/** Writes every spec of the study below bench-specs/study/. */
export function writeStudySpecs(): void {
  const folder = studySpecFolder()
  mkdirSync(folder, { recursive: true })
  const specs = studySpecs()
  for (const spec of specs) writeFileSync(join(folder, spec.file), formatSpec(spec))
  process.stdout.write(`Wrote ${specs.length} specs to bench-specs/study/\n`)
}
