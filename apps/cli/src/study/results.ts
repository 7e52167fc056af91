import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeFileAtomic } from '@mate-bench/harness/atomic-file'
import { projectFolder } from '@mate-bench/harness/environment'
import { defaultResultsFolder, studyFiles } from '@mate-bench/results'
import { BenchError } from '@mate-bench/schema'
import { checkResults, packResults } from '../results/results-commands.ts'
import { trainedFolders } from './train.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)

/**
 * Packs what is trained into bench-results; what is packed already stays.
 * @throws BenchError `not-found` where nothing is trained, and what `packRuns` throws
 */
export async function packStudy(out: string): Promise<void> {
  const folders = trainedFolders(out)
  if (folders.length === 0) {
    throw new BenchError({
      code: 'not-found',
      message: `No run of the study is finished in ${out}.`,
      path: out,
      hint: 'Name the folder of the run folders with --out, or train some: `npm run study`.',
    })
  }
  await packResults(folders, { to: undefined, weights: [1, 2] })
}

/** Writes what the results are shown by: docs/results.md, its picture, and the data of the site's page. */
export function writeStudyResults(): void {
  for (const { path, content } of studyFiles(defaultResultsFolder())) {
    const target = join(projectFolder(), path)
    const isSame = existsSync(target) && readFileSync(target, 'utf8') === content
    mkdirSync(dirname(target), { recursive: true })
    if (!isSame) writeFileAtomic(target, content)
    say(`  ${isSame ? 'unchanged' : 'written  '} ${path}`)
  }
}

/**
 * Computes every number of the results again from bench-results, and compares the files with what comes out.
 * @returns an exit code
 */
export async function checkStudyResults(): Promise<number> {
  await checkResults(undefined)
  let code = Number(process.exitCode ?? 0)
  for (const { path, content } of studyFiles(defaultResultsFolder())) {
    const target = join(projectFolder(), path)
    const found = existsSync(target) ? readFileSync(target, 'utf8') : ''
    if (found === content) {
      say(`  ✓ ${path}: every byte follows from the packed runs`)
      continue
    }
    code = 1
    say(`  ✗ ${path}: ${firstDifference(found, content)}`)
  }
  if (code !== 0) say('`npm run study -- --results` writes the files again from bench-results.')
  return code
}

function firstDifference(found: string, expected: string): string {
  const [own, wanted] = [found.split('\n'), expected.split('\n')]
  const at = wanted.findIndex((line, i) => line !== own[i])
  if (at < 0) return `it has ${own.length} lines, not ${wanted.length}`
  return `line ${at + 1} says ${short(own[at] ?? 'nothing')}, the runs give ${short(wanted[at] ?? '')}`
}

const short = (line: string) => (line.length > 120 ? `${line.slice(0, 117)}...` : line)
