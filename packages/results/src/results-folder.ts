import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { projectFolder } from '@mate-bench/harness/environment'
import { maximumBytes, readBounded } from '@mate-bench/harness/read-bounded'
import { runFolderName } from '@mate-bench/harness/run-folder'
import { parseSpec } from '@mate-bench/harness/spec'
import { BenchError, type Manifest } from '@mate-bench/schema'
import { checkAnswers } from './check-answers.ts'
import { decodePackedRun, type PackedRun, packedRunId } from './packed-run.ts'

/** The results that ship. */
export function defaultResultsFolder(): string {
  return join(projectFolder(), 'bench-results')
}

const ending = '.zip'

/** A packed run that nobody has read yet. */
export interface PackedFile {
  /** Its name, which is that of its run folder: NAME-DIGEST8-seedS. */
  readonly name: string
  readonly path: string
  readonly bytes: number
}

/** The file of a run: a folder an experiment, a file a seed. */
export function packedPath(folder: string, manifest: Manifest): string {
  const name = runFolderName(parseSpec(manifest.spec, 'the spec of a packed run'), manifest.seed)
  const at = name.lastIndexOf('-')
  return join(folder, name.slice(0, at), `${name.slice(at + 1)}${ending}`)
}

/** All packed runs of a folder, by name and then by seed; none where there is no such folder. */
export function listPacked(folder: string): PackedFile[] {
  if (!existsSync(folder)) return []
  const experiments = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const found = experiments.flatMap(({ name }) =>
    readdirSync(join(folder, name)).flatMap((file) => {
      const seed = /^seed(\d+)\.zip$/.exec(file)?.[1]
      const path = join(folder, name, file)
      return seed === undefined
        ? []
        : [
            {
              experiment: name,
              seed: Number(seed),
              name: `${name}-seed${seed}`,
              path,
              bytes: statSync(path).size,
            },
          ]
    }),
  )
  found.sort((a, b) => compare(a.experiment, b.experiment) || a.seed - b.seed)
  return found.map(({ name, path, bytes }) => ({ name, path, bytes }))
}

/** By code unit: the same order on every machine. */
function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/**
 * Reads a packed run and holds it to its digests, its answers, and the place where it lies.
 * @throws BenchError `bad-input`, `verification-failed`
 */
export function readPacked({ path }: Pick<PackedFile, 'path'>): PackedRun {
  const packed = decodePackedRun(readBounded(path, maximumBytes.model), path)
  checkAnswers(packed, path)
  requirePlace(packed, path)
  return packed
}

/** A copy under another seed's name would be found by that name, and be taken for one run more. */
function requirePlace({ manifest }: PackedRun, path: string): void {
  const { spec, specDigest, seed } = manifest
  const digest8 = specDigest.slice('sha256:'.length, 'sha256:'.length + 8)
  const own = `${spec.name}-${digest8}/seed${seed}${ending}`
  if (resolve(path).split(sep).slice(-2).join('/') === own) return
  throw new BenchError({
    code: 'verification-failed',
    message: `${path} is in the wrong place: it holds ${own}.`,
    path,
    hint: 'Move it to that place, or delete it if that run is there already.',
  })
}

/**
 * The packed run that is meant by a name, such as `study-mate-0123abcd-seed1`, or by a run's id.
 * @returns undefined where there is none
 */
export function findPacked(folder: string, run: string): PackedRun | undefined {
  const files = listPacked(folder)
  const named = files.find(({ name }) => name === run)
  if (named) return readPacked(named)
  if (!/^run_[0-9a-f]{20}$/.test(run)) return undefined
  const found = files.find(({ path }) => packedRunId(readBounded(path, maximumBytes.model), path) === run)
  return found && readPacked(found)
}

/** Every packed run of a folder. @throws BenchError `not-found` where there are none */
export function readAllPacked(folder: string): PackedRun[] {
  return requirePacked(folder).map(readPacked)
}

/** `listPacked` for a folder that is said to hold some. @throws BenchError `not-found` where there are none */
export function requirePacked(folder: string): PackedFile[] {
  const files = listPacked(folder)
  if (files.length > 0) return files
  throw new BenchError({
    code: 'not-found',
    message: `There are no packed runs in ${folder}.`,
    path: folder,
    hint: 'Pack some: `mate-bench results pack RUN...`.',
  })
}
