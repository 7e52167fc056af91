import { generateKeyPairSync, sign } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  preAuthenticationEncoding,
  sealEnvelope,
  verdictBytes,
  verdictStatement,
} from '@mate-bench/provenance'
import { type Manifest, payloadTypes } from '@mate-bench/schema'
import { asc } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sha256Of } from '../artifacts/digest.ts'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import { publishRun } from '../publish/publish-run.ts'
import { findTableRow } from '../queries/track-table.ts'
import { runs, verdicts } from '../schema/index.ts'
import { syntheticRun } from '../testing/synthetic-run.ts'
import { openTestStore, type TestStore } from '../testing/test-store.ts'
import { recordVerdict } from '../verdicts/record-verdict.ts'
import { exportStore } from './export-store.ts'
import { importStore } from './import-store.ts'

type Row = Record<string, unknown>

const folder = mkdtempSync(join(tmpdir(), 'transfer-verdicts-'))
const exported = join(folder, 'exported')
const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const key = `ed25519:${publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')}`
let source: TestStore
let target: TestStore

function signed({ runId, manifestDigest }: Manifest) {
  const statement = {
    runId,
    manifestDigest,
    check: 're-evaluation',
    verdict: 'equal',
    manifests: [],
  } as const
  const payload = verdictBytes(verdictStatement(statement))
  const bytes = sign(null, preAuthenticationEncoding(payloadTypes.verdict, payload), privateKey)
  return sealEnvelope(payloadTypes.verdict, payload, { keyId: key, bytes })
}

beforeAll(async () => {
  source = await openTestStore()
  target = await openTestStore()
  const artifacts = openFolderArtifacts(join(folder, 'artifacts'))
  const [first, second] = [1, 2].map((seed) => syntheticRun({ seed, images: 10 }))
  if (!first || !second) throw new RangeError('no runs')
  for (const run of [first, second]) await publishRun(source.db, artifacts, run, { tier: 'recomputed' })
  const common = {
    check: 're-evaluation',
    summary: 'looked at',
    cause: null,
    checker: 'ada',
    thirdParty: false,
    worker: 'w',
    manifest: null,
    submissionId: null,
    evidence: {
      check: 're-evaluation',
      images: 10,
      predictions: 40,
      otherClasses: 0,
      largestDifference: 0,
      tolerance: 0.001,
    },
    place: { backend: 'wasm', cpu: 'c', gpu: null, os: 'o', arch: 'x64', node: '22', commit: null },
  } as const
  await source.db.transaction(async (tx) => {
    const { runId } = first.manifest
    const envelope = signed(first.manifest)
    await recordVerdict(tx, { ...common, runId, verdict: 'equal', effect: 'raises', key, envelope })
    const other = { runId: second.manifest.runId, verdict: 'inconsistent', effect: 'disputes' } as const
    await recordVerdict(tx, { ...common, ...other })
  })
  await exportStore(source.db, exported)
})
afterAll(async () => {
  await source.close()
  await target.close()
  rmSync(folder, { recursive: true })
})

/** An export in which verdicts were changed, and the index was made to agree. */
function tampered(change: (row: Row) => Row): string {
  const copy = mkdtempSync(join(folder, 'tampered-'))
  cpSync(exported, copy, { recursive: true })
  const path = join(copy, 'tables', 'verdicts.json')
  const rows = (JSON.parse(readFileSync(path, 'utf8')) as Row[]).map(change)
  const text = `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`
  writeFileSync(path, text)
  const index = JSON.parse(readFileSync(join(copy, 'export.json'), 'utf8'))
  index.tables.verdicts = { rows: rows.length, sha256: sha256Of(Buffer.from(text)) }
  writeFileSync(join(copy, 'export.json'), JSON.stringify(index))
  return copy
}

it.each<[what: string, change: (row: Row) => Row]>([
  ['another verdict than was signed', (row) => ({ ...row, verdict: 'identical' })],
  ['a key that signed nothing', (row) => ({ ...row, envelope: null, key })],
  ['evidence of nothing', (row) => ({ ...row, evidence: {} })],
  ['a text with control characters', (row) => ({ ...row, checker: 'a\u001bda' })],
  ['a manifest that is not there', (row) => ({ ...row, manifestDigest: `sha256:${'0'.repeat(64)}` })],
])('verdicts with %s are not imported', async (_, change) => {
  const thrown: unknown = await importStore(target.db, tampered(change)).catch((error: unknown) => error)
  expect(thrown).toMatchObject({ code: 'verification-failed' })
  expect(await target.db.select().from(verdicts)).toEqual([])
})

it('verdicts are imported as they were made, a dispute with its effect, and none that raises', async () => {
  await importStore(target.db, exported)
  const read = async ({ db }: TestStore) => await db.select().from(verdicts).orderBy(asc(verdicts.createdAt))
  const [raised, disputed] = await read(source)
  expect(await read(target)).toEqual([{ ...raised, effect: 'none' }, disputed])
  const tiers = await target.db.select({ tier: runs.tier, entryId: runs.entryId }).from(runs)
  // Without their files nobody could check them.
  expect(tiers.map(({ tier }) => tier)).toEqual(['reported', 'reported'])
  expect((await findTableRow(target.db, tiers[0]?.entryId ?? ''))?.disputed).toBe(true)
})
