import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import { withdrawRun } from '../ledger/withdraw-run.ts'
import { publishRun } from '../publish/publish-run.ts'
import { createToken } from '../queries/api-tokens.ts'
import { findTableRow, trackSummaries } from '../queries/track-table.ts'
import { disputedRuns, verdictsOfRuns } from '../queries/verdicts.ts'
import { requestCheck } from '../queue/checks.ts'
import { cancelSubmission } from '../queue/decide.ts'
import { localQueue } from '../queue/local-queue.ts'
import { runs } from '../schema/index.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore } from '../testing/test-store.ts'
import { earnedTier } from './earned-tier.ts'
import { type NewVerdict, recordVerdict, ruleOnVerdict } from './record-verdict.ts'
import { sentLimitReached } from './sent-verdicts.ts'

const folder = mkdtempSync(join(tmpdir(), 'artifacts-'))
let store: TestStore

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

async function published(name: string, seed = 1) {
  const { manifest, ...run } = syntheticRun({ name, seed })
  await publishRun(store.db, openFolderArtifacts(folder), { manifest, ...run }, { tier: 'recomputed' })
  return manifest
}

function verdict(runId: string, changes: Partial<NewVerdict>): NewVerdict {
  return {
    ...{ runId, check: 're-evaluation', verdict: 'equal', effect: 'raises', summary: 'fine', cause: null },
    evidence: {
      ...{ check: 're-evaluation', images: 100, predictions: 400, otherClasses: 0 },
      ...{ largestDifference: 0, tolerance: 0.001 },
    },
    ...{ checker: 'ada', thirdParty: false, worker: 'w', manifest: null, submissionId: null },
    place: { backend: 'wasm', cpu: 'c', gpu: null, os: 'o', arch: 'x64', node: '22', commit: null },
    ...changes,
  }
}

const record = (runId: string, changes: Partial<NewVerdict> = {}) =>
  store.db.transaction((tx) => recordVerdict(tx, verdict(runId, changes)))

async function tierOf(id: string) {
  return (await store.db.select({ tier: runs.tier }).from(runs).where(eq(runs.id, id)))[0]?.tier
}

async function entryOf(id: string) {
  const [run] = await store.db.select({ entryId: runs.entryId }).from(runs).where(eq(runs.id, id))
  const row = await findTableRow(store.db, run?.entryId ?? '')
  if (!row) throw new Error('no entry')
  return row
}

describe('earnedTier', () => {
  const raises = { effect: 'raises', thirdParty: false } as const
  it('climbs the rungs one after another', () => {
    const reEvaluated = { ...raises, check: 're-evaluation' } as const
    const retrained = { ...raises, check: 'retraining' } as const
    const elsewhere = { ...retrained, thirdParty: true }
    expect(earnedTier('reported', [])).toBe('reported')
    expect(earnedTier('reported', [reEvaluated])).toBe('re-evaluated')
    // Trained again, but nobody has run the published weights: its files may be of another network.
    expect(earnedTier('recomputed', [elsewhere])).toBe('recomputed')
    expect(earnedTier('recomputed', [retrained, reEvaluated])).toBe('retrained')
    expect(earnedTier('recomputed', [elsewhere, reEvaluated])).toBe('third-party')
    expect(earnedTier('third-party', [reEvaluated])).toBe('third-party')
    expect(earnedTier('recomputed', [{ ...reEvaluated, effect: 'none' }])).toBe('recomputed')
  })
})

describe('a verdict', () => {
  it('raises the tier of its run, and that of an entry with its weakest run', async () => {
    const { runId } = await published('raised')
    const { runId: second } = await published('raised', 2)
    await record(runId)
    expect([await tierOf(runId), (await entryOf(runId)).tier]).toEqual(['re-evaluated', 'recomputed'])
    await record(second)
    expect((await entryOf(runId)).tier).toBe('re-evaluated')
    await record(runId, { check: 'retraining', verdict: 'identical' })
    expect(await tierOf(runId)).toBe('retrained')
    expect((await verdictsOfRuns(store.db, [runId])).map(({ check }) => check)).toEqual([
      'retraining',
      're-evaluation',
    ])
  })

  it('that disputes a run marks its entry until it is dismissed, and the table’s version says so', async () => {
    const { runId, track } = await published('disputed')
    const version = async () =>
      (await trackSummaries(store.db)).find(({ digest }) => digest === track.digest)?.version
    const before = await version()
    const shares = async () =>
      (await trackSummaries(store.db)).find(({ digest }) => digest === track.digest)?.frontierShares ?? {}
    const sharesBefore = await shares()
    const found = await record(runId, { verdict: 'inconsistent', effect: 'disputes' })
    const { entryId, disputed, tier } = await entryOf(runId)
    expect({ disputed, tier }).toEqual({ disputed: true, tier: 'recomputed' })
    expect(await disputedRuns(store.db, entryId)).toEqual([runId])
    const during = await version()
    // What it was best at goes to the others.
    expect(sharesBefore).toHaveProperty(entryId)
    expect(await shares()).not.toHaveProperty(entryId)
    const rule = { id: found?.id ?? '', actor: 'grace', note: 'looked at' }
    await ruleOnVerdict(store.db, { ...rule, ruling: 'upheld' })
    expect((await entryOf(runId)).disputed).toBe(true)
    const dismissed = await ruleOnVerdict(store.db, { ...rule, ruling: 'dismissed' })
    expect(dismissed).toMatchObject({ ruling: 'dismissed', ruledBy: 'grace', rulingNote: 'looked at' })
    expect((await entryOf(runId)).disputed).toBe(false)
    const after = await version()
    // A page that shows verdicts is another one than before the dispute, though the runs count alike.
    expect(new Set([before, during, after]).size).toBe(3)
    expect(await shares()).toEqual(sharesBefore)
  })

  it('that changes no tier changes the version of the track all the same', async () => {
    const { runId, track } = await published('checked-twice')
    const version = async () =>
      (await trackSummaries(store.db)).find(({ digest }) => digest === track.digest)?.version
    await record(runId)
    const before = await version()
    await record(runId)
    expect(await tierOf(runId)).toBe('re-evaluated')
    expect(await version()).not.toBe(before)
  })

  it('can be ruled on only where it disputes something', async () => {
    const { runId } = await published('ruled')
    const fine = await record(runId)
    const rule = { actor: 'grace', note: 'n', ruling: 'upheld' } as const
    await expect(ruleOnVerdict(store.db, { ...rule, id: fine?.id ?? '' })).rejects.toMatchObject({
      code: 'conflict',
    })
    for (const id of ['verdict_00000000000000000000', 'x']) {
      await expect(ruleOnVerdict(store.db, { ...rule, id })).rejects.toMatchObject({ code: 'not-found' })
    }
    await expect(record('run_00000000000000000000')).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('a dispute of a run that the entry does not count', () => {
  it('takes no rank: of a repeat, or of one that was withdrawn', async () => {
    const { runId, track } = await published('counted')
    const second = await published('counted', 2)
    const repeat = syntheticRun({
      name: 'counted',
      seed: 1,
      filesOfSeed: 9,
      finishedAt: '2027-01-01T00:00:00.000Z',
    })
    await publishRun(store.db, openFolderArtifacts(folder), repeat, { tier: 'recomputed' })
    const dispute = { verdict: 'inconsistent', effect: 'disputes' } as const
    await record(repeat.manifest.runId, dispute)
    const { entryId, disputed, aggregate } = await entryOf(runId)
    expect(aggregate.repeats).toEqual([{ runId: repeat.manifest.runId, seed: 1 }])
    expect(disputed).toBe(false)
    const shares = async () =>
      (await trackSummaries(store.db)).find(({ digest }) => digest === track.digest)?.frontierShares ?? {}
    const isOnFrontier = entryId in (await shares())
    await record(second.runId, dispute)
    expect((await entryOf(runId)).disputed).toBe(true)
    await withdrawRun(store.db, second.runId, { reason: 'it was wrong' })
    expect((await entryOf(runId)).disputed).toBe(false)
    expect(entryId in (await shares())).toBe(isOnFrontier)
  })
})

describe('what people send', () => {
  it('is limited a day over all runs, and computes no table again where nothing changes in it', async () => {
    const { runId } = await published('sent')
    const { runId: another } = await published('sent', 2)
    const sent = { worker: null, check: 'retraining', verdict: 'consistent', effect: 'none' } as const
    const { entryId } = await entryOf(runId)
    const refreshed = async () =>
      (
        await store.db.execute(
          sql`select xmin::text as made from entry_aggregates where entry_id = ${entryId}`,
        )
      ).rows[0]?.made
    const before = await refreshed()
    for (let n = 0; n < 10; n++) await record(runId, { ...sent, checker: 'mass' })
    expect(await refreshed()).toBe(before)
    const reached = (id: string, checker: string) =>
      store.db.transaction((tx) => sentLimitReached(tx, { runId: id, checker }))
    expect(await reached(runId, 'mass')).toBe('run')
    expect(await reached(another, 'mass')).toBe('day')
    expect(await reached(another, 'ada')).toBeUndefined()
    await record(runId, { effect: 'raises' })
    expect(await refreshed()).not.toBe(before)
  })
})

describe('a check', () => {
  it('is one while it is under way, whoever asks, and gives one verdict of a kind', async () => {
    const manifest = await published('asked')
    const { runId, spec, specDigest } = manifest
    const expiresAt = new Date('2100-01-01')
    const { id: tokenId } = await createToken(store.db, {
      ...{ name: 't', owner: 'ada', scopes: ['submit'], expiresAt },
    })
    const ask = (check: 're-evaluation' | 'retraining') =>
      store.db.transaction((tx) =>
        requestCheck(tx, { check, runId, spec, specDigest, totalMacs: 1, tokenId, submitter: 'ada' }),
      )
    const [a, b] = await Promise.all([ask('re-evaluation'), ask('re-evaluation')])
    expect(a.submission.id).toBe(b.submission.id)
    expect([a.isNew, b.isNew].sort()).toEqual([false, true])
    expect((await ask('retraining')).submission.id).not.toBe(a.submission.id)
    const submissionId = a.submission.id
    expect(await record(runId, { submissionId })).toBeDefined()
    expect(await record(runId, { submissionId })).toBeUndefined()
    await cancelSubmission(store.db, localQueue, { id: submissionId, actor: 'ada' })
    expect((await ask('re-evaluation')).isNew).toBe(true)
  })
})
