import { availableParallelism } from 'node:os'
import { hasGpuPackage } from '@mate-bench/backends/gpu-package'
import { BenchError } from '@mate-bench/schema'
import { InvalidArgumentError, Option } from 'commander'

/** Options that several commands share, with the same words everywhere. */

/** Written out, so that `--help` need not load tfjs; the backend's door checks the name again. */
export const backendChoices = ['auto', 'tensorflow-gpu', 'native', 'tensorflow', 'wasm', 'cpu'] as const
export type BackendChoice = (typeof backendChoices)[number]

export const backendOption = () =>
  new Option('--backend <name>', 'tfjs backend; auto takes the best that loads')
    .choices([...backendChoices])
    .default('auto')

export const outOption = () => new Option('--out <dir>', 'folder that run folders go into').default('runs')

export const dataOption = () =>
  new Option('--data <dir>', "data folder (default: MATE_BENCH_DATA, or the user's cache folder)")

export const jsonOption = () => new Option('--json', 'write JSON for machines to standard output')

/** A whole number of at least `minimum`, and of at most `maximum` where there is one. */
export function wholeNumber(minimum: number, maximum?: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < minimum || value > (maximum ?? value)) {
      const range = maximum === undefined ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`
      throw new InvalidArgumentError(`It must be a whole number ${range}.`)
    }
    return value
  }
}

/** A name for people to read, on one line. */
export function label(text: string): string {
  const trimmed = text.trim()
  if (!/^[\p{L}\p{N} ._@+-]{1,80}$/u.test(trimmed)) {
    throw new InvalidArgumentError('Write 1 to 80 letters, digits, spaces or . _ @ + -.')
  }
  return trimmed
}

export const portOption = () =>
  new Option('--port <n>', 'port of the site; the next free one where it is taken')
    .argParser(wholeNumber(1, 65_535))
    .default(3000)

/** `1,2,5-7` to `[1, 2, 5, 6, 7]`, without repetitions. */
export function seedList(text: string): number[] {
  const seeds = text.split(',').flatMap((part) => {
    const range = /^\s*(\d{1,10})\s*(?:-\s*(\d{1,10})\s*)?$/.exec(part)
    const first = Number(range?.[1])
    const last = Number(range?.[2] ?? range?.[1])
    if (!range || last < first || last > 0xffffffff || last - first >= 1000) {
      throw new InvalidArgumentError('Write seeds as 1,2 or 1-5.')
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
  return [...new Set(seeds)]
}

/**
 * One process a core, but never more than there are runs; a GPU serves one run at a time, since TensorFlow takes most
 * of its memory for a process. `auto` takes the GPU where its package is installed.
 */
export function defaultWorkers(
  jobs: number,
  backend: BackendChoice,
  hasGpu: () => boolean = hasGpuPackage,
): number {
  if (backend === 'tensorflow-gpu' || (backend === 'auto' && hasGpu())) return 1
  return Math.max(1, Math.min(jobs, availableParallelism()))
}

/** A seed of the spec, or the first one. */
export function chooseSeed(seed: number | undefined, seeds: readonly number[]): number {
  const chosen = seed ?? seeds[0]
  if (chosen === undefined)
    throw new BenchError({ code: 'bad-spec', message: 'The spec lists no seed.', path: 'seeds' })
  return chosen
}
