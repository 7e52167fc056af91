import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BackendName } from '@mate-bench/backends'
import {
  type EvaluatedSplit,
  type EvaluatedWeights,
  evaluateWeights,
} from '@mate-bench/harness/evaluate-weights'
import { formatManifest } from '@mate-bench/harness/manifest'
import { sameNumber } from '@mate-bench/harness/reproduce'
import { defaultResultsFolder, findPacked } from '@mate-bench/results'
import { artifactFiles, BenchError } from '@mate-bench/schema'
import { percentText, plural, scientific } from '../format/numbers.ts'
import { createPainter, type Painter } from '../format/paint.ts'
import { printable } from '../format/printable.ts'
import { fetchBytes } from '../reproduce/fetch-json.ts'
import { fetchPublishedRun } from '../reproduce/published-manifest.ts'
import { runAddress } from '../reproduce/run-address.ts'
import { evaluatePacked } from '../results/evaluate-packed.ts'

export interface EvaluateOptions {
  readonly url: string
  readonly backend: BackendName | undefined
  readonly dataFolder: string | undefined
  /** Of a run that ships: keep its whole folder here, with the predictions that its weights give. */
  readonly restore: string | undefined
  /** Of a run that ships: put its files and what was found into the database. */
  readonly record: boolean
}

/** What `evaluate` does. Sets the exit code where the weights do not give the run. */
export async function evaluateRun(run: string, options: EvaluateOptions): Promise<void> {
  const packed = existsSync(run) ? undefined : findPacked(defaultResultsFolder(), run)
  if (packed) return await evaluatePacked(packed, options)
  if (options.record || options.restore !== undefined) throw ofShippedAlone(run)
  const evaluated = existsSync(run)
    ? await evaluateWeights(run, options)
    : await withPublishedRun(run, options.url, (folder) => evaluateWeights(folder, options))
  process.stdout.write(`${evaluationText(evaluated, createPainter(process.stdout))}\n`)
  if (!agrees(evaluated)) process.exitCode = 1
}

function ofShippedAlone(run: string): BenchError {
  return new BenchError({
    code: 'bad-input',
    message: `${run} is not a run that ships: --record and --restore are for those.`,
    path: run,
    hint: '`mate-bench results list` names them. Of another run, `publish` writes its files, and `check` asks its site.',
  })
}

/** Fetches manifest, weights and predictions of a published run into a folder for as long as `work` takes. */
async function withPublishedRun<T>(
  run: string,
  url: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const address = runAddress(run, url)
  const { manifest } = await fetchPublishedRun(address)
  const folder = mkdtempSync(join(tmpdir(), 'mate-bench-evaluate-'))
  try {
    writeFileSync(join(folder, 'manifest.json'), formatManifest(manifest))
    for (const { role, sha256, bytes } of manifest.artifacts) {
      if (role !== 'model' && role !== 'predictions' && role !== 'validation-predictions') continue
      const from = new URL(`api/v1/artifacts/${sha256}`, address.site)
      // Predictions that the site does not have are computed all the same, and compared by their digest.
      const found = await fetchBytes(from, address.site, bytes).catch((thrown: unknown) => {
        if (role === 'model' || !(thrown instanceof BenchError) || thrown.code === 'offline') throw thrown
      })
      if (found) writeFileSync(join(folder, artifactFiles[role].file), found)
    }
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Whether the weights give each split's predictions within the tolerance, and these every number of the manifest. Where the
 * predictions are not here, the weights must give every number themselves.
 */
export function agrees({ splits, claims }: EvaluatedWeights): boolean {
  return splits.every(({ problems }) => problems.length === 0) && claims.every(sameNumber)
}

const mostProblems = 5

export function evaluationText(evaluated: EvaluatedWeights, paint: Painter): string {
  const { manifest, backend, splits, numbers, claims } = evaluated
  const unfounded = claims === numbers ? 0 : claims.filter((pair) => !sameNumber(pair)).length
  const differing = numbers.filter((pair) => !sameNumber(pair))
  const verdict = agrees(evaluated)
    ? `✓ ${paint('green', 'The weights give the run.')}`
    : `✗ ${paint('red', 'The weights do not give the run.')}`
  const others = differing
    .slice(0, mostProblems)
    .map(({ group, name, published, here }) => `    ${group} ${name}: published ${published}, here ${here}`)
  return [
    `${paint('bold', printable(`${manifest.spec.name}, seed ${manifest.seed}`))}, trained with ${printable(manifest.environment.backend.name)}, evaluated with ${backend}`,
    ...splits.flatMap((split) => splitLines(split, paint)),
    `  ${plural(numbers.length, 'number')}: ${differing.length === 0 ? 'all equal' : `${differing.length} differ`}`,
    ...others,
    ...(unfounded > 0
      ? [`  ${plural(unfounded, 'number')} do not follow from the run’s own predictions`]
      : []),
    verdict,
  ].join('\n')
}

function splitLines({ split, images, sameBytes, rerun, problems }: EvaluatedSplit, paint: Painter): string[] {
  const head = `  ${split}, ${plural(images, 'image')}: `
  if (sameBytes) return [`${head}the same bytes`]
  if (!rerun) return [`${head}other bytes; the run’s predictions are not here to compare with`]
  const { predictions, otherClasses, largestDifference, tolerance } = rerun
  const found = `${otherClasses} of ${predictions} predictions of another class, log-probabilities within ${scientific(largestDifference)}`
  const bound = `logits may be off by ${percentText(tolerance, 0)}`
  const told = problems.slice(0, mostProblems).map((problem) => `    ${paint('red', printable(problem))}`)
  const more = problems.length - told.length
  return [`${head}${found}; ${bound}`, ...told, ...(more > 0 ? [`    and ${more} more`] : [])]
}
