import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BackendName, type BackendSettings, openBackend, settingsFromRecord } from '@mate-bench/backends'
import { storageError } from '@mate-bench/harness/atomic-file'
import { describeCode, describeEnvironment } from '@mate-bench/harness/environment'
import { readManifest } from '@mate-bench/harness/read-manifest'
import { judgeReproduction } from '@mate-bench/harness/reproduce'
import { findSigningKey, signVerdict } from '@mate-bench/harness/signing'
import { BenchError, type Manifest, type VerdictEffect, type VerdictPlace } from '@mate-bench/schema'
import {
  confirmLease,
  findRun,
  type NewVerdict,
  type Outcome,
  parseSha256,
  type RunDetail,
  recordVerdict,
  verdictsOfRuns,
} from '@mate-bench/store'
import { findTableRow } from '@mate-bench/store/track-table'
import { bringTeachers, type ReEvaluation, reEvaluate, writeRunFolder } from '@mate-bench/worker'
import { type Session, stopped, type WorkerContext } from './session.ts'
import { trainSeed } from './train-seed.ts'

/**
 * Checks a published run as its submission asks: runs its weights again, or trains its spec again after that. Each step ends
 * with a verdict in the database, written under the lease; a step whose verdict is there is not done again.
 *
 * @throws BenchError where the check could not be made here, which says nothing of the run
 */
export async function checkPublished(context: WorkerContext, session: Session): Promise<Outcome> {
  const { submission, board, holds } = session
  const run = await checkedRun(context, submission.checkedRunId)
  const before = await verdictsOfRuns(context.db, [run.id])
  const ofThisJob = before.filter(({ submissionId }) => submissionId === submission.id)
  const done = (check: NewVerdict['check']) => ofThisJob.some((verdict) => verdict.check === check)
  const wantsTraining = submission.kind === 'retraining'
  // What is trained again is compared with predictions, which have to be those of the published weights.
  const isReEvaluated = before.some(({ check, effect }) => check === 're-evaluation' && effect === 'raises')
  if (!done('re-evaluation') && !(wantsTraining && isReEvaluated)) {
    const passed = await reEvaluated(context, session, run)
    if (!passed) return { state: 'finished' }
  }
  if (!holds()) return stopped('lost', undefined, board)
  if (!wantsTraining || done('retraining')) return { state: 'finished' }
  return await retrained(context, session, run)
}

async function checkedRun({ db }: WorkerContext, id: string | null): Promise<RunDetail> {
  const run = id === null ? undefined : await findRun(db, id)
  if (run) return run
  throw new BenchError({
    code: 'not-found',
    message: 'The run that was to be checked is not published any more.',
  })
}

/** @returns whether the weights gave the predictions */
async function reEvaluated(context: WorkerContext, session: Session, run: RunDetail): Promise<boolean> {
  const { board, signal, spec } = session
  board.say(`seed ${run.seed}: runs the published weights on every image`)
  const { manifest } = run
  const { artifacts, dataFolder, db } = context
  // Of this lease alone: workers that share a folder of runs would remove each other's.
  const place = mkdtempSync(join(tmpdir(), 'mate-bench-check-'))
  let found: ReEvaluation
  try {
    const folder = join(place, 'published')
    await writeRunFolder(folder, manifest, ({ sha256 }) => artifacts.get(parseSha256(sha256)))
    const { seed, teachers } = manifest
    await bringTeachers(db, artifacts, { spec, seed, out: place, teachers })
    found = await reEvaluate(folder, { dataFolder, signal })
  } catch (thrown) {
    throw storageError(place, thrown)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
  const { verdict, summary, cause = null, evidence } = found
  const effect: VerdictEffect = verdict === 'equal' ? 'raises' : 'disputes'
  const here = { code: describeCode(), environment: describeEnvironment(await openBackend('wasm')) }
  await record(context, session, run.manifest, {
    ...{ runId: run.id, check: 're-evaluation', verdict, effect, summary, cause, evidence },
    place: placeOf(here),
    manifest: null,
  })
  return effect === 'raises'
}

async function retrained(context: WorkerContext, session: Session, run: RunDetail): Promise<Outcome> {
  const { board, reason, holds } = session
  const result = await trainSeed(context, session, {
    seed: run.seed,
    teachers: run.manifest.teachers,
    ...(await backendFor(context, run.manifest)),
  })
  if (!holds()) return stopped('lost', undefined, board)
  if (result.error) return stopped(reason(), result.error, board)
  if (!result.folder) throw new RangeError('a run without an error has a folder')
  const { manifest } = readManifest(result.folder)
  const row = await findTableRow(context.db, run.entryId)
  const entry = (row?.aggregate.exits ?? []).map(({ top1 }) => top1)
  const judged = judgeReproduction({ published: run.manifest, repeated: [manifest], entry })
  const { verdict, summary, cause = null, evidence, differenceShown } = judged
  const effect: VerdictEffect = verdict !== 'inconsistent' ? 'raises' : differenceShown ? 'disputes' : 'none'
  await record(context, session, run.manifest, {
    ...{ runId: run.id, check: 'retraining', verdict, effect, summary, cause, evidence },
    place: placeOf(manifest),
    manifest,
  })
  return { state: 'finished' }
}

/** That of the published run with its settings, where this machine has it; else the worker's own. */
async function backendFor(
  { backend, settings }: WorkerContext,
  { environment }: Manifest,
): Promise<{ readonly backend: BackendName; readonly settings: BackendSettings }> {
  const recorded = settingsFromRecord(environment.backend.settings)
  try {
    return { backend: (await openBackend(environment.backend.name, recorded)).name, settings: recorded }
  } catch (thrown) {
    if (thrown instanceof BenchError) return { backend, settings }
    throw thrown
  }
}

type Found = Omit<NewVerdict, 'checker' | 'thirdParty' | 'worker' | 'submissionId'>

/** Under the lease: a worker that lost it writes nothing. */
async function record(
  { db }: WorkerContext,
  { lease, submission, board }: Session,
  { manifestDigest }: Manifest,
  found: Found,
): Promise<void> {
  const { runId, check, verdict, manifest } = found
  const key = findSigningKey()
  const envelope = key
    ? signVerdict(key, { runId, manifestDigest, check, verdict, manifests: manifest ? [manifest] : [] })
    : null
  await db.transaction(async (tx) => {
    await recordVerdict(tx, {
      ...found,
      ...{ key: key?.keyId ?? null, envelope },
      checker: submission.submitter,
      thirdParty: false,
      worker: lease.worker,
      submissionId: submission.id,
    })
    await confirmLease(tx, lease)
  })
  board.say(`Verdict: ${found.verdict}; ${found.summary}`)
}

function placeOf({ code, environment }: Pick<Manifest, 'code' | 'environment'>): VerdictPlace {
  const { backend, cpu, gpu = null, os, arch, node } = environment
  return { backend: backend.name, cpu, gpu, os, arch, node, commit: code.commit }
}
