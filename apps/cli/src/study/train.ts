import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '@mate-bench/harness/environment'
import { defaultResultsFolder, listPacked } from '@mate-bench/results'
import { duration } from '../format/numbers.ts'
import { type StudySpec, studySpecs } from './specs.ts'
import { studySpecFolder } from './write-specs.ts'

export interface TrainOptions {
  /** Folder of the run folders. */
  readonly out: string
  readonly workers: number
  readonly seeds: readonly number[]
  /** Specs by the names of their files without `.json`; undefined for all. */
  readonly only?: readonly string[] | undefined
  readonly resume: boolean
  /** Train runs that ship in bench-results too. */
  readonly again: boolean
}

/**
 * Trains what is missing, seed by seed, so that a study that stops early has the same seeds of every method. All by the
 * program that users run, on WebAssembly with one thread a run: the same bytes on any machine.
 *
 * @returns the exit code of the first `mate-bench` that did not end well, else 0
 */
export async function trainStudy(options: TrainOptions): Promise<number> {
  const specs = studySpecs().filter(({ file }) => options.only?.includes(file.replace('.json', '')) ?? true)
  for (const seed of options.seeds) {
    const missing = specs.filter((spec) => !isTrained(options, spec, seed))
    if (missing.length === 0) continue
    process.stderr.write(`\nSeed ${seed}: ${missing.length} runs to train. ${timeLeft(options, specs)}\n`)
    const status = await mateBench([
      'run',
      ...missing.map(({ file }) => join(studySpecFolder(), file)),
      ...['--seeds', String(seed), '--backend', 'wasm', '--threads', '1'],
      ...['--workers', String(options.workers), '--out', options.out],
      ...(options.resume ? ['--resume'] : []),
    ])
    if (status !== 0) return status
  }
  return 0
}

/** The finished run folders of the study that are in a folder, sorted. */
export function trainedFolders(out: string): string[] {
  if (!existsSync(out)) return []
  const names = new Set(studySpecs().map(({ document }) => document.name))
  return readdirSync(out)
    .filter((folder) => names.has(specName(folder)) && existsSync(join(out, folder, 'manifest.json')))
    .sort()
    .map((folder) => join(out, folder))
}

/** Asked by file names alone, since 400 specs and manifests are not worth reading to plan. */
function isTrained({ out, again }: TrainOptions, { document }: StudySpec, seed: number): boolean {
  const packed = again ? [] : listPacked(defaultResultsFolder()).map(({ name }) => name)
  return [...trainedFolders(out).map(base), ...packed].some(
    (name) => specName(name) === document.name && name.endsWith(`-seed${seed}`),
  )
}

const base = (folder: string) => folder.split(/[\\/]/).at(-1) ?? folder
const specName = (folder: string) => folder.replace(/-[0-9a-f]{8}-seed\d+$/, '')

/** From the time that the finished runs took; specs without one count as the mean. */
function timeLeft(options: TrainOptions, specs: readonly StudySpec[]): string {
  const { out, workers, seeds } = options
  const seconds = new Map<string, number>()
  for (const folder of trainedFolders(out)) {
    const { timing } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
    seconds.set(specName(base(folder)), timing.wallSeconds)
  }
  if (seconds.size === 0) return ''
  const mean = [...seconds.values()].reduce((sum, value) => sum + value, 0) / seconds.size
  let left = 0
  for (const spec of specs) {
    const missing = seeds.filter((seed) => !isTrained(options, spec, seed)).length
    left += missing * (seconds.get(String(spec.document.name)) ?? mean)
  }
  return `About ${duration(left / workers)} left for all seeds.`
}

/** The program that users run, its output passed on. */
export function mateBench(args: readonly string[]): Promise<number> {
  const program = join(projectFolder(), 'apps', 'cli', 'bin', 'mate-bench.js')
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to the child too, which then saves and ends by itself; other signals are passed on.
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  const hear = () => undefined
  process.on('SIGTERM', pass).on('SIGINT', hear)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      process.off('SIGTERM', pass).off('SIGINT', hear)
      resolve(code ?? 1)
    })
  })
}
