import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadRuns } from '@mate-bench/harness/entries'
import { readCompanion } from '@mate-bench/harness/read-companion'
import { readStart } from '@mate-bench/harness/start-record'
import { type Check, checkOf, teacherCheckName, verifyRun } from '@mate-bench/harness/verify'
import { BenchError, envelopeSchema } from '@mate-bench/schema'
import { correctness } from '@mate-bench/stats'
import {
  type ArtifactStore,
  type Db,
  type Published,
  type PublishOptions,
  publishingFailed,
  publishRun,
  type Transaction,
  withRetry,
} from '@mate-bench/store'
import { checkCopies } from './published-copies.ts'
import { checkPublishedTeachers } from './published-teachers.ts'

export interface PublishedFolder extends Published {
  /** What is worth a look, and what could not be checked for want of data. */
  readonly notes: readonly Check[]
}

/**
 * Checks a run folder, whatever was said of it before, and publishes it. A run that nobody signed, or whose data are not
 * at hand, can only be published as its author sent it: nobody answers for it, or nobody has compared its labels.
 *
 * @throws BenchError `verification-failed` with every check that did not pass, and what `publishRun` throws
 */
export async function publishFolder(
  db: Db,
  artifacts: ArtifactStore,
  folder: string,
  options: PublishOptions,
): Promise<PublishedFolder> {
  const { checks, fingerprint } = await verifyRun(folder)
  refuseFailed(folder, checks)
  const [run] = await loadRuns([folder])
  if (!run || !fingerprint) throw new RangeError('a folder that verifies gives a run')
  const { manifest } = run
  const copies = await withRetry(() => checkCopies(db, artifacts, manifest, fingerprint)).catch(
    (thrown: unknown) => {
      throw publishingFailed(manifest.runId, thrown)
    },
  )
  refuseFailed(folder, copies.checks)
  const { exits, ensemble } = run.predictions.table
  const found = readCompanion(folder, 'signature')
  const signature = found === undefined ? undefined : envelopeSchema.parse(found)
  const publishable = {
    manifest,
    signature,
    start: (await readStart(folder))?.envelope,
    readFile: (file: string) => readFileSync(join(folder, file)),
    correctness: { exits: exits.map(correctness), ensemble: correctness(ensemble) },
  }
  const taught = await checkPublishedTeachers(db, manifest)
  refuseFailed(folder, taught)
  // What lay beside the folder was not needed where the published copy could be compared.
  const unchecked = checks.filter(
    ({ name, outcome }) =>
      outcome === 'unchecked' && !(taught.length > 0 && name.startsWith(teacherCheckName)),
  )
  if (!signature)
    unchecked.push(checkOf('signature', 'claimed', 'it is not signed, so its tier is "reported"'))
  const tier = unchecked.length > 0 ? 'reported' : options.tier
  const confirm = async (tx: Transaction) => {
    // Others may have published meanwhile; nobody does on this track until this transaction ends.
    const late = await checkCopies(tx, artifacts, manifest, fingerprint, copies.compared)
    refuseFailed(folder, late.checks)
    await options.confirm?.(tx)
  }
  const published = await publishRun(db, artifacts, publishable, { ...options, tier, confirm })
  return { ...published, notes: [...copies.checks, ...unchecked] }
}

/** @throws BenchError `verification-failed` with every check that failed */
export function refuseFailed(folder: string, checks: readonly Check[]): void {
  const failed = checks.filter(({ ok }) => !ok)
  if (failed.length === 0) return
  throw new BenchError({
    code: 'verification-failed',
    message: `The run in ${folder} does not verify.`,
    path: folder,
    problems: failed.map(({ name, detail }) => ({ path: name, message: detail })),
  })
}
