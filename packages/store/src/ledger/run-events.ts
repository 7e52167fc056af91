import { digestExperiment, openStart } from '@mate-bench/provenance'
import { BenchError, type Envelope, type LedgerEvent, type Manifest, type RunStart } from '@mate-bench/schema'
import { asc, eq } from 'drizzle-orm'
import type { Db } from '../drivers/db.ts'
import { ledgerEntries, runSignatures, runs, trainingJobs } from '../schema/index.ts'
import { appendEvent, lockLedger } from './append-event.ts'
import { rememberKey } from './remember-key.ts'

export interface StartOptions {
  /** The key that answers for it. */
  readonly key: string | null
  /** Whether a run of this server's own workers goes on, whichever of them began it: each has a key of its own. */
  readonly takesOver?: boolean | undefined
  /** The start as its author signed it. */
  readonly evidence?: Envelope | undefined
  readonly now?: Date | undefined
}

/** Which run it is; its own word for when it began is not taken. */
export type StartedRun = Pick<RunStart, 'runId' | 'specDigest' | 'experimentDigest' | 'seed'>

/**
 * Writes down that a run begins, before it trains. Repeated, it changes nothing.
 *
 * @returns the event's place
 * @throws BenchError `conflict` for an id that another run or key has, or that is not the caller's to begin
 */
export async function recordStart(db: Db, run: StartedRun, options: StartOptions): Promise<number> {
  return await db.transaction((tx) => recordStartIn(tx, run, options))
}

/** The same inside a transaction. */
export async function recordStartIn(
  tx: Db,
  { runId, specDigest, experimentDigest, seed }: StartedRun,
  { key, evidence, takesOver = false, now = new Date() }: StartOptions,
): Promise<number> {
  await lockLedger(tx)
  const own = { runId, specDigest, experimentDigest, seed }
  const events = await eventsOfRun(tx, runId)
  const start = events.find(({ event }) => event.kind === 'started')
  if (start) {
    sameRun(start.event, own, takesOver ? start.event.key : key)
    return start.index
  }
  if (!takesOver) await refuseTaken(tx, runId)
  if (key !== null) await rememberKey(tx, key, now)
  return await appendEvent(
    tx,
    { kind: 'started', ...own, key, registered: 'before-training' },
    { evidence: evidence ?? null, now },
  )
}

/**
 * Writes down that a run is published. One whose start was not written down has begun unseen: the ledger says so.
 *
 * @returns whether it was withdrawn before: then what was computed with it has to be computed again
 * @throws BenchError `conflict` where the start was another run's or key's
 */
export async function recordFinish(
  tx: Db,
  manifest: Manifest,
  { key, evidence, takesOver = false, now }: StartOptions & { readonly now: Date },
): Promise<{ readonly isWithdrawn: boolean }> {
  await lockLedger(tx)
  const { runId, specDigest, spec, seed, manifestDigest } = manifest
  const own = { runId, specDigest, experimentDigest: digestExperiment(spec), seed }
  const events = await eventsOfRun(tx, runId)
  const start = events.find(({ event }) => event.kind === 'started')
  if (start) sameRun(start.event, own, takesOver ? start.event.key : key)
  else
    await appendEvent(
      tx,
      { kind: 'started', ...own, key, registered: 'at-publication' },
      { evidence: await ownStart(evidence, own, key), now },
    )
  await appendEvent(tx, { kind: 'finished', ...own, key, manifestDigest }, { now })
  return { isWithdrawn: events.some(({ event }) => event.kind === 'withdrawn') }
}

/**
 * Whether a key had the ledger write this training down before it began. The ledger's own clock judges: the start has to be
 * there for as long as the training says that it took, so that nobody registers what is long done.
 */
export async function wasBegunBy(
  db: Pick<Db, 'select'>,
  { runId, specDigest, seed, timing }: Manifest,
  { key, now }: { readonly key: string; readonly now: Date },
): Promise<boolean> {
  const events = await eventsOfRun(db, runId)
  return events.some(
    ({ event }) =>
      event.kind === 'started' &&
      event.registered === 'before-training' &&
      isOf(event, { specDigest, seed, key }) &&
      now.getTime() - Date.parse(event.at) >= timing.wallSeconds * 1000 - clockMilliseconds,
  )
}

/** Clocks of two machines tick differently, and times are rounded. */
const clockMilliseconds = 1000

/**
 * Writes down that a training came to its end and was sent as a check of another run: it is not published, nor was it left
 * out. One that its key did not begin here, or that has ended, stays as it is.
 */
export async function recordSent(
  tx: Db,
  { runId, specDigest, seed, manifestDigest }: Manifest,
  { key, now }: { readonly key: string | null; readonly now: Date },
): Promise<void> {
  if (key === null) return
  await lockLedger(tx)
  const events = (await eventsOfRun(tx, runId)).map(({ event }) => event)
  const [start] = events
  const isOpen = events.every(({ kind }) => kind === 'started' || kind === 'failed')
  if (start?.kind !== 'started' || !isOpen || !isOf(start, { specDigest, seed, key })) return
  const { experimentDigest } = start
  await appendEvent(
    tx,
    { kind: 'finished', runId, specDigest, experimentDigest, seed, key, manifestDigest },
    { now },
  )
}

function isOf(event: LedgerEvent, own: Pick<LedgerEvent, 'specDigest' | 'seed' | 'key'>): boolean {
  return event.specDigest === own.specDigest && event.seed === own.seed && event.key === own.key
}

/** What the author signed before it began, where that is of this run and key. */
async function ownStart(evidence: Envelope | undefined, own: StartedRun, key: string | null) {
  if (!evidence) return null
  const { keyId, start } = await openStart(evidence)
  const isOwn = keyId === key && start.runId === own.runId && start.specDigest === own.specDigest
  return isOwn && start.seed === own.seed ? evidence : null
}

/**
 * Writes down that a run failed. One that ended already, or that nobody began, stays as it is.
 * @returns undefined where nothing was written
 */
export async function recordFailure(
  tx: Db,
  runId: string,
  reason: string,
  now: Date = new Date(),
): Promise<number | undefined> {
  await lockLedger(tx)
  const events = await eventsOfRun(tx, runId)
  const last = events.at(-1)?.event
  if (last?.kind !== 'started') return undefined
  const { specDigest, experimentDigest, seed, key } = last
  const own = { runId, specDigest, experimentDigest, seed, key }
  return await appendEvent(tx, { kind: 'failed', ...own, reason: shortReason(reason) }, { now })
}

/**
 * Writes down that a run is withdrawn, with the reason. Its files and numbers stay where they are, and count nowhere.
 *
 * @param key of who withdraws it, where they signed
 * @throws BenchError `not-found` for a run that the ledger does not know, `conflict` for one that is withdrawn already
 */
export async function recordWithdrawal(
  tx: Db,
  runId: string,
  reason: string,
  now: Date = new Date(),
): Promise<number> {
  await lockLedger(tx)
  const known = (await eventsOfRun(tx, runId)).map(({ event }) => event)
  const [first] = known
  const run = first ?? (await publishedBefore(tx, runId))
  if (!run) {
    throw new BenchError({
      code: 'not-found',
      message: `Neither the ledger nor the database knows a run ${runId}.`,
      path: runId,
      hint: '`mate-bench ledger show` lists the latest runs.',
    })
  }
  if (known.some(({ kind }) => kind === 'withdrawn')) {
    throw new BenchError({ code: 'conflict', message: `The run ${runId} is withdrawn already.`, path: runId })
  }
  const { specDigest, experimentDigest, seed, key } = run
  return await appendEvent(
    tx,
    { kind: 'withdrawn', ...{ runId, specDigest, experimentDigest, seed, key }, reason: shortReason(reason) },
    { now },
  )
}

/** Of a run that was published before there was a ledger. */
async function publishedBefore(tx: Db, runId: string) {
  const [row] = await tx
    .select({ manifest: runs.manifest, key: runSignatures.key })
    .from(runs)
    .leftJoin(runSignatures, eq(runSignatures.runId, runs.id))
    .where(eq(runs.id, runId))
  if (!row) return undefined
  const { specDigest, spec, seed } = row.manifest
  return { specDigest, experimentDigest: digestExperiment(spec), seed, key: row.key }
}

export interface RecordedEvent {
  readonly index: number
  readonly event: LedgerEvent
}

/** In their order. */
export async function eventsOfRun(db: Pick<Db, 'select'>, runId: string): Promise<RecordedEvent[]> {
  const rows = await db
    .select({ index: ledgerEntries.index, leaf: ledgerEntries.leaf })
    .from(ledgerEntries)
    .where(eq(ledgerEntries.runId, runId))
    .orderBy(asc(ledgerEntries.index))
  return rows.map(({ index, leaf }) => ({ index, event: JSON.parse(leaf) as LedgerEvent }))
}

/** What is published has begun, whether or not a ledger saw it; what the queue is to train, the queue begins. */
async function refuseTaken(tx: Db, runId: string): Promise<void> {
  const [published] = await tx.select({ id: runs.id }).from(runs).where(eq(runs.id, runId))
  const [queued] = await tx
    .select({ id: trainingJobs.runId })
    .from(trainingJobs)
    .where(eq(trainingJobs.runId, runId))
  if (!published && !queued) return
  throw new BenchError({
    code: 'conflict',
    message: published ? `The run ${runId} is published already.` : `The run ${runId} is trained here.`,
    path: runId,
    hint: 'A run is registered before it trains. Run the spec again to get a new id.',
  })
}

/** Only its own author can go on with what was begun: another key may not put its run in the place of one that lost. */
function sameRun(started: LedgerEvent, own: StartedRun, key: string | null): void {
  const isSame =
    started.specDigest === own.specDigest &&
    started.experimentDigest === own.experimentDigest &&
    started.seed === own.seed
  const isOthers = started.key !== null && started.key !== key
  if (isSame && !isOthers) return
  throw new BenchError({
    code: 'conflict',
    message: isSame
      ? `The run ${own.runId} was begun by another key: ${started.key}`
      : `The ledger has another run under the id ${own.runId}.`,
    path: own.runId,
    hint: isSame
      ? 'It is published as it was begun: sign it with that key.'
      : 'Run the spec again to get an id of its own.',
  })
}

/** One line of plain text, as the ledger takes it. */
function shortReason(text: string): string {
  const line = text.replaceAll(/[<>\p{Cc}\p{Cf}]+/gu, ' ').trim()
  return line.length > 500 ? `${line.slice(0, 499)}…` : line || 'no reason was given'
}
