import { availableParallelism } from 'node:os'
import type { BackendSettings, IsaName } from '@mate-bench/backends'
import { BenchError } from '@mate-bench/schema'
import { type Command, InvalidArgumentError, Option } from 'commander'

/** Options that several commands share, with the same words everywhere. */

/** Written out, so that `--help` need not load tfjs; the backend's door checks the name again. */
export const backendChoices = [
  'auto',
  'tensorflow-gpu',
  'webgpu',
  'native',
  'tensorflow',
  'wasm',
  'cpu',
] as const
export type BackendChoice = (typeof backendChoices)[number]

export const backendOption = () =>
  new Option(
    '--backend <name>',
    'backend to compute with; auto takes the best one that trains correctly on this machine',
  )
    .choices([...backendChoices])
    .default('auto')

/** Flags of `addSettingsOptions`, as commander gives them. */
export interface SettingsFlags {
  readonly threads?: number
  readonly isa?: IsaName
  readonly tf32?: true
  /** False with --no-deterministic. */
  readonly deterministic: boolean
}

/** Written out for the same reason. */
const isaChoices = ['sse41', 'avx', 'avx2', 'avx512_core'] as const

/** What fixes how a native backend computes; the manifest records it, and `reproduce` sets it again. */
export function addSettingsOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--threads <n>',
        'threads of one run (default: 1; several runs use several processes)',
      ).argParser(wholeNumber(1, 256)),
    )
    .addOption(
      new Option(
        '--isa <name>',
        'widest instruction set of a native backend (default: the machine’s)',
      ).choices([...isaChoices]),
    )
    .option('--tf32', 'on a GPU: faster products with 10 bits of mantissa (default: exact float32)')
    .option('--no-deterministic', 'on a GPU: allow algorithms that are not deterministic')
}

/** Only what was asked for: a backend refuses a setting that it does not have. */
export function settingsOf({ threads, isa, tf32, deterministic }: SettingsFlags): BackendSettings {
  return {
    ...(threads === undefined ? {} : { threads }),
    ...(isa === undefined ? {} : { isa }),
    ...(tf32 ? { tf32 } : {}),
    ...(deterministic ? {} : { deterministicOps: false }),
  }
}

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
  new Option('--port <n>', 'port of the site; if it is taken, the next free one')
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
 * As many processes as there are cores for their threads, but never more than there are runs. A GPU serves one run at a
 * time: TensorFlow takes most of its memory for a process, and none has two queues that compute side by side.
 */
export function defaultWorkers(jobs: number, backend: string, threads = 1): number {
  if (backend === 'tensorflow-gpu' || backend === 'webgpu') return 1
  return Math.max(1, Math.min(jobs, Math.floor(availableParallelism() / threads)))
}

/** A seed of the spec, or the first one. */
export function chooseSeed(seed: number | undefined, seeds: readonly number[]): number {
  const chosen = seed ?? seeds[0]
  if (chosen === undefined)
    throw new BenchError({ code: 'bad-spec', message: 'The spec lists no seed.', path: 'seeds' })
  return chosen
}
