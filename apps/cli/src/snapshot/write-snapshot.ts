import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFileAtomic } from '@mate-bench/harness/atomic-file'
import { groupEntries, type LoadedRun, loadRuns, type TrackReport } from '@mate-bench/harness/entries'
import { signEnvelope } from '@mate-bench/harness/signing'
import { type PublishedHead, signedBytes } from '@mate-bench/provenance'
import { BenchError, payloadTypes } from '@mate-bench/schema'
import {
  type ArtifactStore,
  type BegunRun,
  begunRuns,
  type Db,
  exportStore,
  findRun,
  findVerdict,
  isOpenDispute,
  type LedgerEntry,
  ledgerSize,
  listEvents,
  listPublishedResults,
  listRuns,
  parseSha256,
  treeHead,
  type VerdictSummary,
  verdictsOfRuns,
} from '@mate-bench/store'
import { writeRunFolder } from '@mate-bench/worker'
import { reportToJson } from '../report/report-json.ts'
import { boardCsv } from './board-csv.ts'
import { entryFile, entryPage } from './entry-page.ts'
import { indexPage } from './index-page.ts'
import { readme } from './readme.ts'
import { siteKey } from './site-key.ts'

export interface Snapshot {
  readonly runs: number
  readonly entries: number
  readonly events: number
  readonly artifacts: number
  /** Whether its head bears the site's signature. */
  readonly signed: boolean
}

/** What the pages are made of. */
export interface SnapshotContent {
  readonly takenAt: Date
  readonly tracks: readonly TrackReport[]
  /** Every run that was ever begun of the experiments that are shown. */
  readonly begun: readonly BegunRun[]
  /** How checks of the runs that are shown ended, newest first. */
  readonly verdicts: readonly VerdictSummary[]
  readonly published: PublishedHead
  /** How many numbers of papers the tables hold. */
  readonly papers: number
}

/**
 * Writes everything that is public to a new folder, with pages that need no server: a board with charts, a page an entry,
 * exports, the ledger with its head, and the export that another database can import.
 *
 * @throws BenchError `conflict` for a folder that holds something, `data-missing` where files of runs are gone, `storage`
 */
export async function writeSnapshot(db: Db, artifacts: ArtifactStore, out: string): Promise<Snapshot> {
  if (existsSync(out) && readdirSync(out).length > 0) {
    throw new BenchError({
      code: 'conflict',
      message: `${out} is not empty.`,
      path: out,
      hint: 'Give a new folder: each snapshot has its own.',
    })
  }
  // The head before the rest: what comes meanwhile is in the tables, and in no proof of this snapshot.
  const size = await ledgerSize(db)
  const exported = await exportStore(db, join(out, 'data'), { artifactStore: artifacts })
  const events = await writeLedger(db, size, out)
  const place = mkdtempSync(join(tmpdir(), 'mate-bench-snapshot-'))
  try {
    const withdrawn = new Set(
      events.flatMap(({ event }) => (event.kind === 'withdrawn' ? [event.runId] : [])),
    )
    const runs = (await loadPublished(db, artifacts, place)).filter(
      ({ manifest }) => !withdrawn.has(manifest.runId),
    )
    const verdicts = await verdictsOfRuns(
      db,
      runs.map(({ manifest }) => manifest.runId),
    )
    const tracks = groupEntries(runs, new Set(verdicts.filter(isOpenDispute).map(({ runId }) => runId)))
    const content: SnapshotContent = {
      takenAt: new Date(),
      tracks,
      begun: await begunRuns(db, [
        ...new Set(tracks.flatMap(({ entries }) => entries.map(({ experimentDigest }) => experimentDigest))),
      ]),
      verdicts,
      published: await head(db, size),
      papers: (await listPublishedResults(db)).length,
    }
    writePages(content, out)
    await writeVerdicts(db, content.verdicts, out)
    return {
      runs: runs.length,
      entries: tracks.reduce((sum, { entries }) => sum + entries.length, 0),
      events: size,
      artifacts: exported.artifacts,
      signed: content.published.envelope !== null,
    }
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

function writePages(content: SnapshotContent, out: string): void {
  const { tracks } = content
  writeFileAtomic(join(out, 'index.html'), indexPage(content))
  writeFileAtomic(join(out, 'README.txt'), readme(content))
  writeFileAtomic(join(out, 'board.json'), `${JSON.stringify(withoutFolders(tracks), null, 2)}\n`)
  writeFileAtomic(join(out, 'board.csv'), boardCsv(tracks))
  for (const track of tracks) {
    for (const entry of track.entries) {
      writeFileAtomic(join(out, 'entries', entryFile(track, entry)), entryPage(track, entry, content))
    }
  }
}

/** Where runs stood while the pages were made is nobody's business. */
function withoutFolders(tracks: readonly TrackReport[]) {
  const report = reportToJson(tracks)
  return {
    ...report,
    tracks: report.tracks.map(({ track, entries }) => ({
      track,
      entries: entries.map(({ runs, ...entry }) => ({
        ...entry,
        runs: runs.map(({ folder: _, ...run }) => run),
      })),
    })),
  }
}

async function head(db: Db, size: number): Promise<PublishedHead> {
  const of = await treeHead(db, size)
  const key = siteKey()
  return { head: of, envelope: key ? signEnvelope(key, payloadTypes.treeHead, signedBytes(of)) : null }
}

/** Whole, with what was signed and the manifests of repeated trainings, so that anybody can check them. */
async function writeVerdicts(db: Db, verdicts: readonly VerdictSummary[], out: string): Promise<void> {
  const lines: string[] = []
  for (const { id } of verdicts) lines.push(`${JSON.stringify(await findVerdict(db, id))}\n`)
  writeFileAtomic(join(out, 'verdicts.jsonl'), lines.join(''))
}

async function writeLedger(db: Db, size: number, out: string): Promise<LedgerEntry[]> {
  const events: LedgerEntry[] = []
  while (events.length < size) {
    const { rows } = await listEvents(db, { from: events.length, limit: 200 })
    events.push(...rows.slice(0, size - events.length))
  }
  const lines = events.map((row) => `${JSON.stringify(row)}\n`).join('')
  writeFileAtomic(join(out, 'ledger', 'events.jsonl'), lines)
  writeFileAtomic(join(out, 'ledger', 'head.json'), `${JSON.stringify(await head(db, size), null, 2)}\n`)
  return events
}

/** Every published run, read from the folder that its author had: one on the disk at a time, since each has its weights. */
async function loadPublished(db: Db, artifacts: ArtifactStore, place: string): Promise<LoadedRun[]> {
  const loaded: LoadedRun[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await listRuns(db, { limit: 200, cursor })
    for (const { id, synthetic } of page.rows) {
      const run = synthetic ? undefined : await findRun(db, id)
      if (!run) continue
      const folder = join(place, id)
      await writeRunFolder(folder, run.manifest, ({ sha256 }) => artifacts.get(parseSha256(sha256)))
      loaded.push(...(await loadRuns([folder])))
      rmSync(folder, { recursive: true })
    }
    if (page.next === null) return loaded
    cursor = page.next
  }
}
