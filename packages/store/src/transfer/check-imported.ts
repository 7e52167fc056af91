import { digestJson } from '@mate-bench/provenance'
import { BenchError, type Manifest, manifestSchema, type Problem } from '@mate-bench/schema'
import { asc, getTableName, inArray, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { packCorrect, unpackCorrect } from '../correct-bits.ts'
import type { Transaction } from '../drivers/db.ts'
import { checkRun } from '../publish/check-run.ts'
import { artifactRows, entryRow, exitRows, runRow, specRow, trackRow } from '../publish/run-rows.ts'
import { referenceProblems } from '../references/check-references.ts'
import {
  artifacts,
  ensembleK,
  entries,
  exitResults,
  papers,
  publishedResults,
  runs,
  runTiers,
  specs,
  tracks,
} from '../schema/index.ts'
import { type FileRow, keyColumns, toFileRow } from './tables.ts'

/** A manifest has tens of thousands of characters. */
const runsAtOnce = 100

/** For clocks that are set to another time zone's. */
const dayMilliseconds = 24 * 60 * 60 * 1000

/** What is no run's content but said when it was published. */
const notOfManifest: readonly string[] = ['publishedAt']

type Row = Readonly<Record<string, unknown>>

/**
 * Holds every row that an import has written to the manifests among them: runs are checked as when they are published,
 * and the rows that publishing writes for them are those that are there, no more and no fewer. Published numbers are held
 * to the form and the digests of their files, times of publication to what can have been. Whether a run is made up is
 * taken as it is, and the same for all.
 *
 * @throws BenchError `verification-failed` with every difference of the first runs that do not hold
 */
export async function checkImported(tx: Transaction, folder: string): Promise<void> {
  const references = referenceProblems(
    await tx.select().from(papers),
    await tx.select().from(publishedResults),
  )
  if (references.length > 0) throw refusal(folder, references)
  const copies = await copiedRuns(tx)
  if (copies.length > 0) throw refusal(folder, copies)
  const shared = await sharedRows(tx, folder)
  const ids = await tx.select({ id: runs.id, synthetic: runs.synthetic }).from(runs).orderBy(asc(runs.id))
  if (new Set(ids.map(({ synthetic }) => synthetic)).size > 1) {
    throw refusal(folder, [{ path: 'runs.synthetic', message: 'Made-up runs stand beside trained ones.' }])
  }
  for (let start = 0; start < ids.length; start += runsAtOnce) {
    const some = ids.slice(start, start + runsAtOnce).map(({ id }) => id)
    const problems = await checkRuns(tx, some, shared)
    if (problems.length > 0) throw refusal(folder, problems)
  }
  const unknown = [...shared.values()].map(({ path }) => ({
    path,
    message: 'The row is not the one that any of its runs gives.',
  }))
  if (unknown.length > 0) throw refusal(folder, unknown)
}

/** By digest of table and content, the rows that several runs may share; each is taken out when a run gives it. */
type SharedRows = Map<string, { readonly path: string }>

async function sharedRows(tx: Transaction, folder: string): Promise<SharedRows> {
  const found: SharedRows = new Map()
  for (const [name, table] of Object.entries({ tracks, specs, entries })) {
    const rows: Row[] = await tx.select().from(table)
    for (const row of rows) {
      if (row.publishedAt instanceof Date && isToCome(row.publishedAt)) {
        throw refusal(folder, [toCome(`${name}.${keyOf(table, row)}`, row.publishedAt)])
      }
      found.set(digestOf(table, row), { path: `${name}.${keyOf(table, row)}` })
    }
  }
  return found
}

async function checkRuns(tx: Transaction, ids: readonly string[], shared: SharedRows): Promise<Problem[]> {
  const found = await tx
    .select()
    .from(runs)
    .where(inArray(runs.id, [...ids]))
  const exits = await tx
    .select()
    .from(exitResults)
    .where(inArray(exitResults.runId, [...ids]))
  const files = await tx
    .select()
    .from(artifacts)
    .where(inArray(artifacts.runId, [...ids]))
  const problems: Problem[] = []
  for (const run of found) {
    const path = `runs.${run.id}`
    const parsed = manifestSchema.safeParse(run.manifest)
    if (!parsed.success) {
      problems.push({ path: `${path}.manifest`, message: 'It is no manifest of this version.' })
      continue
    }
    // Not `parsed.data`, whose members may stand in another order than those that were sealed.
    const manifest = run.manifest
    const ownExits = exits.filter(({ runId }) => runId === run.id)
    const sizes = correctProblems(manifest, ownExits, path)
    if (sizes.length > 0) {
      problems.push(...sizes)
      continue
    }
    const correctness = correctnessOf(manifest, ownExits)
    checkRun({ manifest, correctness })
    const packed = {
      exits: correctness.exits.map(packCorrect),
      ensemble: packCorrect(correctness.ensemble),
    }
    if (isToCome(run.publishedAt)) problems.push(toCome(path, run.publishedAt))
    if (!runTiers.includes(run.tier)) {
      problems.push({ path: `${path}.tier`, message: `${run.tier} is no tier of a run.` })
    }
    problems.push(
      ...differences(runs, path, [run], [runRow(manifest, run)]),
      ...differences(exitResults, `exitResults.${run.id}`, ownExits, exitRows(manifest, packed)),
      ...differences(
        artifacts,
        `artifacts.${run.id}`,
        files.filter(({ runId }) => runId === run.id),
        artifactRows(manifest),
      ),
    )
    shared.delete(digestOf(tracks, trackRow(manifest)))
    shared.delete(digestOf(specs, specRow(manifest, run.publishedAt)))
    shared.delete(digestOf(entries, entryRow(manifest, run.publishedAt)))
  }
  return problems
}

function isToCome(time: Date): boolean {
  return time.getTime() > Date.now() + dayMilliseconds
}

function toCome(path: string, time: Date): Problem {
  return { path: `${path}.publishedAt`, message: `${time.toISOString()} is to come.` }
}

/** Another seed draws other weights: as when runs are published, none shares its files with one. */
async function copiedRuns(tx: Transaction): Promise<Problem[]> {
  const { rows } = await tx.execute<{ run: string; other: string; file: string }>(sql`
    select a.run_id as run, b.run_id as other, a.file
    from ${artifacts} a
    join ${artifacts} b on b.sha256 = a.sha256 and b.role = a.role and b.run_id < a.run_id
    join ${runs} r on r.id = a.run_id
    join ${runs} s on s.id = b.run_id and s.seed <> r.seed
    join ${entries} e on e.id = r.entry_id
    join ${entries} f on f.id = s.entry_id and f.track_digest = e.track_digest
    where a.role in ('predictions', 'model', 'metrics')
    order by a.run_id, b.run_id, a.position
    limit 20`)
  return rows.map(({ run, other, file }) => ({
    path: `runs.${run}`,
    message: `Its ${file} is identical to that of ${other}, of another seed: one of them is a copy.`,
  }))
}

/** Before anything is unpacked to as many images as a manifest says. */
function correctProblems(
  { track }: Manifest,
  exits: readonly (typeof exitResults.$inferSelect)[],
  path: string,
): Problem[] {
  const expected = Math.ceil(track.splits.test.count / 8)
  return exits.flatMap(({ k, correct }) =>
    correct.length === expected
      ? []
      : [{ path: `${path}.exit ${k}.correct`, message: `It has ${correct.length} bytes, not ${expected}.` }],
  )
}

function correctnessOf(manifest: Manifest, exits: readonly (typeof exitResults.$inferSelect)[]) {
  const images = manifest.track.splits.test.count
  const of = (wanted: number) =>
    unpackCorrect(exits.find(({ k }) => k === wanted)?.correct ?? new Uint8Array(), images)
  return { exits: manifest.results.exits.map(({ k }) => of(k)), ensemble: of(ensembleK) }
}

/** Of the rows of one run in one table: which are missing, too many, or other than they should be. */
function differences(
  table: PgTable,
  path: string,
  found: readonly Row[],
  expected: readonly Row[],
): Problem[] {
  const present = new Map(found.map((row) => [keyOf(table, row), toFileRow(table, row)]))
  const problems: Problem[] = []
  for (const row of expected) {
    const key = keyOf(table, row)
    const own = present.get(key)
    present.delete(key)
    if (own) problems.push(...rowDifferences(`${path}[${key}]`, own, toFileRow(table, row)))
    else
      problems.push({ path: `${path}[${key}]`, message: 'The manifest gives this row, the export lacks it.' })
  }
  for (const key of present.keys()) {
    problems.push({ path: `${path}[${key}]`, message: 'The manifest gives no such row.' })
  }
  return problems
}

function rowDifferences(path: string, found: FileRow, expected: FileRow): Problem[] {
  return Object.entries(expected).flatMap(([column, value]) => {
    const [says, gives] = [JSON.stringify(found[column]), JSON.stringify(value)]
    if (says === gives) return []
    const message = `The export says ${short(says)}, the manifest gives ${short(gives)}.`
    return [{ path: `${path}.${column}`, message }]
  })
}

/** Who was right where has thousands of characters. */
function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

function keyOf(table: PgTable, row: Row): string {
  return keyColumns(table)
    .map((key) => String(row[key]))
    .join(' ')
}

function digestOf(table: PgTable, row: Row): string {
  const own = Object.entries(toFileRow(table, row)).filter(([column]) => !notOfManifest.includes(column))
  return digestJson({ table: getTableName(table), row: JSON.stringify(own) })
}

function refusal(folder: string, problems: readonly Problem[]): BenchError {
  return new BenchError({
    code: 'verification-failed',
    message: `The export in ${folder} does not hold: its rows are not those that its manifests give.`,
    path: folder,
    problems: problems.slice(0, 20),
    hint: 'Nothing was imported. Export again, or publish the runs from their folders.',
  })
}
