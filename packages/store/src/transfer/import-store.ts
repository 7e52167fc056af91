import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Artifact,
  artifactFiles,
  artifactRoles,
  BenchError,
  checkTexts,
  type Envelope,
  type Manifest,
  manifestSchema,
  parseJson,
  problemsFromIssues,
} from '@mate-bench/schema'
import { sql } from 'drizzle-orm'
import { refreshStale } from '../aggregates/refresh.ts'
import { type ArtifactStore, parseSha256 } from '../artifacts/artifact-store.ts'
import { openFolderArtifacts } from '../artifacts/folder-artifacts.ts'
import type { Db, Transaction } from '../drivers/db.ts'
import { storeErrorFromUnknown } from '../drivers/store-error.ts'
import { artifacts, type RunTier, runSignatures, runs } from '../schema/index.ts'
import { checkImported } from './check-imported.ts'
import { checkImportedLedger } from './check-imported-ledger.ts'
import { checkImportedVerdicts, importedVerdict } from './check-imported-verdicts.ts'
import { exportFiles, exportIndexSchema } from './export-index.ts'
import { fromFileRow } from './from-file-row.ts'
import { rowRefusal } from './row-refusal.ts'
import { type PublicTableName, publicTableNames, publicTables } from './tables.ts'

export interface Imported {
  readonly rows: number
  readonly artifacts: number
  /** Runs whose files are not in the export: nobody could check them, so they are as their authors sent them. */
  readonly unchecked: number
}

/** A run of an export with its files. */
export interface ImportedRun {
  readonly manifest: Manifest
  /** What its author signed; a run may have none. */
  readonly signature?: Envelope | undefined
  /** @throws BenchError `data-missing` for a file that is not in the export */
  readonly readFile: (file: Artifact) => Promise<Uint8Array>
}

export interface ImportOptions {
  readonly artifactStore?: ArtifactStore | undefined
  /**
   * Checks a run as when it is published, and says how far it was checked: an export's word for it is not taken.
   * @throws BenchError `verification-failed`
   */
  readonly check?: ((run: ImportedRun) => Promise<RunTier>) | undefined
}

/** A statement takes at most 65,535 parameters; the widest table has 24 columns. */
const rowsAtOnce = 500

/** A manifest has tens of thousands of characters, and who is right where thousands. */
const maximumLineLength = 50_000_000
const indexLimits = { maximumBytes: 1_000_000, maximumDepth: 8 }

/**
 * Reads an export into an empty database, in one transaction, and believes no more of it than of a run that is published:
 * every run is checked from its files, every row that follows from a manifest is held to it, numbers of papers to the
 * form of their files.
 *
 * @throws BenchError `conflict` for a database that holds something, `bad-input` and `verification-failed` for an
 *   export that was changed, `storage`; the database is as it was then,
 *   though files may be in the artifact store
 */
export async function importStore(db: Db, folder: string, options: ImportOptions = {}): Promise<Imported> {
  const listed = await checkFiles(folder)
  try {
    await refuseUnlessEmpty(db)
    const signatures = await readSignatures(listed.get('runSignatures')?.path)
    const tiers = await checkRuns(folder, listed.get('runs')?.path, signatures, options.check)
    // Before the rows, so that none is ever without its file, and outside the transaction, which others may wait for.
    const artifacts = await copyArtifacts(folder, listed.get('artifacts')?.path, options.artifactStore)
    const rows = await db.transaction(async (tx) => {
      await lockTables(tx)
      await refuseUnlessEmpty(tx)
      let inserted = 0
      for (const [name, { path, count }] of listed) {
        inserted += await insertTable(tx, { name, path, count, tiers })
      }
      await checkImported(tx, folder)
      await checkImportedLedger(tx, folder)
      await checkImportedVerdicts(tx, folder)
      await refreshStale(tx)
      return inserted
    })
    const unchecked = [...tiers.values()].filter((tier) => tier === uncheckedTier).length
    return { rows, artifacts, unchecked }
  } catch (thrown) {
    throw storeErrorFromUnknown(thrown, {
      doing: 'importing',
      retry: 'Nothing was changed: run `mate-bench db import` again.',
    })
  }
}

/** Of a run that was not checked. */
const uncheckedTier: RunTier = 'reported'

/** What authors signed, by run. */
async function readSignatures(path: string | undefined): Promise<Map<string, Envelope>> {
  const found = new Map<string, Envelope>()
  if (path === undefined) return found
  let read = 0
  for await (const row of readRows(path)) {
    const { runId, envelope } = fromFileRow(runSignatures, row, `${path}[${read++}]`)
    found.set(String(runId), envelope as Envelope)
  }
  return found
}

/** How far each run was checked here, by id. Synthetic runs have no files and say so. */
async function checkRuns(
  folder: string,
  path: string | undefined,
  signatures: ReadonlyMap<string, Envelope>,
  check: ImportOptions['check'],
): Promise<Map<string, RunTier>> {
  const tiers = new Map<string, RunTier>()
  if (path === undefined) return tiers
  const files = openFolderArtifacts(join(folder, exportFiles.artifacts))
  let read = 0
  for await (const input of readRows(path)) {
    const source = `${path}[${read++}]`
    const row = fromFileRow(runs, input, source)
    const id = String(row.id)
    if (tiers.has(id)) throw notAnExport(source, `is a second row of the run ${id}`)
    if (row.synthetic === true) tiers.set(id, row.tier as RunTier)
    else tiers.set(id, await checkRun(row.manifest, source, { files, signature: signatures.get(id) }, check))
  }
  return tiers
}

async function checkRun(
  document: unknown,
  source: string,
  { files, signature }: { readonly files: ArtifactStore; readonly signature: Envelope | undefined },
  check: ImportOptions['check'],
): Promise<RunTier> {
  checkTexts(document, `${source}.manifest`)
  const parsed = manifestSchema.safeParse(document)
  if (!parsed.success) {
    throw new BenchError({
      code: 'verification-failed',
      message: `${source} holds no manifest of this version.`,
      path: source,
      problems: problemsFromIssues(parsed.error.issues, manifestSchema, document),
    })
  }
  const { artifacts: listed } = parsed.data
  const present = await Promise.all(listed.map(({ sha256 }) => files.head(parseSha256(sha256))))
  if (!check || listed.length === 0 || present.includes(undefined)) return uncheckedTier
  // Not `parsed.data`, whose members may stand in another order than those that were sealed.
  const manifest = document as Manifest
  return await check({ manifest, signature, readFile: ({ sha256 }) => files.get(parseSha256(sha256)) })
}

/** That an older export may lack. */
const laterTables: readonly PublicTableName[] = ['runSignatures', 'verdicts', 'ledgerEntries']

interface ListedTable {
  readonly path: string
  readonly count: number
}

/** The index, and that each file is the one that it lists. */
async function checkFiles(folder: string): Promise<Map<PublicTableName, ListedTable>> {
  const path = join(folder, exportFiles.index)
  const index = exportIndexSchema.safeParse(readIndex(path))
  if (!index.success) throw notAnExport(path, 'is not the index of an export of this version')
  const found = new Map<PublicTableName, ListedTable>()
  for (const name of publicTableNames) {
    const listed = index.data.tables[name]
    // Of before there were any.
    if (!listed && laterTables.includes(name)) continue
    if (!listed) throw notAnExport(path, `does not list the table ${name}`)
    const file = join(folder, exportFiles.tables, `${name}.json`)
    if ((await sha256OfFile(file)) !== listed.sha256) {
      throw notAnExport(file, 'is not the file that the index lists')
    }
    found.set(name, { path: file, count: listed.rows })
  }
  return found
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk)
  } catch (thrown) {
    throw notAnExport(path, `cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
  return hash.digest('hex')
}

interface TableToInsert extends ListedTable {
  readonly name: PublicTableName
  readonly tiers: ReadonlyMap<string, RunTier>
}

async function insertTable(tx: Transaction, { name, path, count, tiers }: TableToInsert): Promise<number> {
  const table = publicTables[name]
  let rows: Record<string, unknown>[] = []
  let read = 0
  const insert = async () => {
    if (rows.length === 0) return
    try {
      // `fromFileRow` has held the rows to the table's columns; one type for all tables would be their intersection.
      await tx.insert(table).values(rows as never)
    } catch (thrown) {
      throw rowRefusal(path, thrown) ?? thrown
    }
    rows = []
  }
  for await (const row of readRows(path)) {
    const own = fromFileRow(table, row, `${path}[${read++}]`)
    rows.push(believed(name, own, tiers))
    if (rows.length === rowsAtOnce) await insert()
  }
  await insert()
  if (read !== count) throw notAnExport(path, `does not hold ${count} rows`)
  return read
}

/** A row as an import takes it: of tiers and verdicts it believes what was checked here. */
function believed(
  name: PublicTableName,
  row: Record<string, unknown>,
  tiers: ReadonlyMap<string, RunTier>,
): Record<string, unknown> {
  if (name === 'verdicts') return importedVerdict(row)
  return name === 'runs' ? { ...row, tier: tiers.get(String(row.id)) ?? uncheckedTier } : row
}

/** Those that a table of artifacts lists. */
async function copyArtifacts(
  folder: string,
  listedIn: string | undefined,
  to: ArtifactStore | undefined,
): Promise<number> {
  const place = join(folder, exportFiles.artifacts)
  if (!to || listedIn === undefined || !existsSync(place)) return 0
  const mediaTypes = new Map<string, string>()
  let read = 0
  for await (const row of readRows(listedIn)) {
    const source = `${listedIn}[${read++}]`
    const { sha256, role } = fromFileRow(artifacts, row, source)
    const known = artifactRoles.find((candidate) => candidate === role)
    if (!known) throw notAnExport(source, 'is of no role that a file of a run has')
    mediaTypes.set(String(sha256), artifactFiles[known].mediaType)
  }
  const from = openFolderArtifacts(place)
  for (const [sha256, mediaType] of mediaTypes) await to.put(await from.get(parseSha256(sha256)), mediaType)
  return mediaTypes.size
}

/** Runs first, as when one is published: whoever is publishing is waited for before anything else is held. */
async function lockTables(tx: Transaction): Promise<void> {
  const others = publicTableNames.filter((name) => name !== 'runs')
  for (const name of ['runs', ...others] as const) {
    await tx.execute(sql`lock table ${publicTables[name]} in share row exclusive mode`)
  }
}

async function refuseUnlessEmpty(db: Pick<Db, 'execute'>): Promise<void> {
  for (const name of publicTableNames) {
    const { rows } = await db.execute(sql`select 1 from ${publicTables[name]} limit 1`)
    if (rows.length === 0) continue
    throw new BenchError({
      code: 'conflict',
      message: 'The database is not empty.',
      path: name,
      hint: 'Import into a new one: set DATABASE_URL, or MATE_BENCH_DB to a new folder, and run `mate-bench db migrate`.',
    })
  }
}

function readIndex(path: string): unknown {
  try {
    if (statSync(path).size > indexLimits.maximumBytes) throw new Error('it is too long')
    return parseJson(readFileSync(path, 'utf8'), path, indexLimits)
  } catch (thrown) {
    throw notAnExport(path, `cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}

/** A row a line, as `openJson` of the export writes them. */
async function* readRows(path: string): AsyncGenerator<unknown> {
  for await (const line of readLines(path)) {
    if (line === '' || line === '[' || line === ']' || line === '[]') continue
    try {
      yield JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line)
    } catch {
      throw notAnExport(path, 'is not written a row a line')
    }
  }
}

/** Split at line feeds alone: what `node:readline` takes for an end of line besides may stand inside JSON. */
async function* readLines(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > maximumLineLength) throw notAnExport(path, 'has a line that is longer than any row')
    yield* lines
  }
  yield rest
}

function notAnExport(path: string, what: string): BenchError {
  return new BenchError({
    code: 'bad-input',
    message: `${path} ${what}.`,
    path,
    hint: 'Give the folder that `mate-bench db export` wrote, unchanged.',
  })
}
