import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { openBackend } from '@mate-bench/backends'
import { describeCode, describeEnvironment } from '@mate-bench/harness/environment'
import { evaluateWeights } from '@mate-bench/harness/evaluate-weights'
import { runFolderPath } from '@mate-bench/harness/run-folder'
import { parseSpec } from '@mate-bench/harness/spec'
import { defaultResultsFolder, findPacked, type PackedRun, unpackRun } from '@mate-bench/results'
import { artifactFiles, BenchError, type Manifest, type VerdictPlace } from '@mate-bench/schema'
import { findRun, type NewVerdict, openArtifacts, recordVerdict } from '@mate-bench/store'
import { type ReEvaluation, reEvaluate } from '@mate-bench/worker'
import { agrees, type EvaluateOptions, evaluationText } from '../evaluate/evaluate-run.ts'
import { createPainter } from '../format/paint.ts'
import { withStore } from '../prepared-store.ts'
import { requireFree, restoreRun } from './restore-run.ts'

/**
 * Computes the predictions of a run that ships again from its weights, and says whether they are those of its manifest. Sets
 * the exit code where they are not.
 *
 * @throws BenchError `data-missing` for a run whose weights do not ship, or without the images
 */
export async function evaluatePacked(packed: PackedRun, options: EvaluateOptions): Promise<void> {
  if (!packed.files.has('model')) throw withoutWeights(packed)
  const { backend, dataFolder, restore, record } = options
  const say = (text: string) => process.stdout.write(`${text}\n`)
  const place = mkdtempSync(join(tmpdir(), 'mate-bench-evaluate-'))
  try {
    const folder = unpackInto(place, packed)
    // Said before the weights are run, which takes minutes for large networks.
    if (restore !== undefined) requireFree(join(restore, basename(folder)))
    const predictions = new Map<'predictions' | 'validation-predictions', Uint8Array>()
    const evaluated = await evaluateWeights(folder, {
      backend,
      dataFolder,
      onPredictions: (role, bytes) => predictions.set(role, bytes),
    })
    say(evaluationText(evaluated, createPainter(process.stdout)))
    if (!agrees(evaluated)) process.exitCode = 1
    if (!record && restore === undefined) return
    if (!evaluated.splits.every(({ sameBytes }) => sameBytes))
      throw otherBytes(packed.manifest, evaluated.backend)
    for (const [role, bytes] of predictions) writeFileSync(join(folder, artifactFiles[role].file), bytes)
    if (restore !== undefined) {
      const whole = join(restore, basename(folder))
      restoreRun(folder, whole)
      say(`The whole run: ${whole}`)
    }
    if (record) say(await recordEvaluation(folder, packed, dataFolder))
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

/** Unpacks a run, and beside it the runs that taught it, as far as they ship. */
function unpackInto(place: string, packed: PackedRun): string {
  const { manifest } = packed
  for (const { runId } of manifest.teachers ?? []) {
    const teacher = findPacked(defaultResultsFolder(), runId)
    if (teacher) unpackInto(place, teacher)
  }
  const folder = runFolderPath(place, parseSpec(manifest.spec, 'the spec of a run that ships'), manifest.seed)
  unpackRun(packed, folder)
  return folder
}

/** Checks all of the run, and writes its files and what came of it. */
async function recordEvaluation(
  folder: string,
  { manifest }: PackedRun,
  dataFolder: string | undefined,
): Promise<string> {
  const found = await reEvaluate(folder, { dataFolder })
  return await withStore(async ({ db, where }) => {
    const run = await findRun(db, manifest.runId)
    if (run?.manifest.manifestDigest !== manifest.manifestDigest) throw notLoaded(manifest, where)
    const artifacts = await openArtifacts()
    for (const { file, mediaType } of manifest.artifacts) {
      await artifacts.put(readFileSync(join(folder, file)), mediaType)
    }
    const isRecorded = found.verdict === 'equal' && run.tier !== 'reported' && run.tier !== 'recomputed'
    const verdict = { ...verdictOf(manifest, found), place: await placeHere() }
    if (!isRecorded) await db.transaction((tx) => recordVerdict(tx, verdict))
    if (found.verdict !== 'equal') process.exitCode = 1
    const tier = (await findRun(db, manifest.runId))?.tier
    return `${found.summary}\nIn ${where}: tier ${tier}, all files of the run are there.`
  })
}

function verdictOf(manifest: Manifest, found: ReEvaluation): Omit<NewVerdict, 'place'> {
  const { verdict, summary, cause, evidence } = found
  return {
    ...{ runId: manifest.runId, check: 're-evaluation', verdict, summary, evidence },
    cause: cause ?? null,
    effect: verdict === 'equal' ? 'raises' : 'disputes',
    checker: 'who runs this database, by mate-bench evaluate',
    ...{ thirdParty: false, worker: null, manifest: null, submissionId: null },
  }
}

/** Where `reEvaluate` runs weights: on WebAssembly, whatever trained them. */
async function placeHere(): Promise<VerdictPlace> {
  const { backend, cpu, gpu = null, os, arch, node } = describeEnvironment(await openBackend('wasm'))
  return { backend: backend.name, cpu, gpu, os, arch, node, commit: describeCode().commit }
}

function withoutWeights({ manifest }: PackedRun): BenchError {
  return new BenchError({
    code: 'data-missing',
    message: `The weights of ${manifest.spec.name}, seed ${manifest.seed}, do not ship.`,
    path: manifest.runId,
    hint: `Train it again, to the same bytes: \`mate-bench reproduce ${manifest.runId}\`. \`mate-bench results list\` shows which runs have their weights.`,
  })
}

function otherBytes({ environment }: Manifest, backend: string): BenchError {
  return new BenchError({
    code: 'verification-failed',
    message: `${backend} does not give the bytes of the run's predictions, so its files are not complete.`,
    hint: `Leave out --backend: the run is of ${environment.backend.name}.`,
  })
}

function notLoaded({ runId }: Manifest, where: string): BenchError {
  return new BenchError({
    code: 'not-found',
    message: `The run ${runId} is not in ${where}.`,
    path: runId,
    hint: 'Load it first: `mate-bench results load`.',
  })
}
