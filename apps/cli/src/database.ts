import { fileURLToPath } from 'node:url'
import {
  databaseStatus,
  databaseUrlFromEnvironment,
  describeUrl,
  embeddedStatus,
  exportStore,
  importStore,
  type MigrationStatus,
  migrate,
  migrationStatus,
  openArtifacts,
  openStore,
  seedReferences,
  stopEmbedded,
} from '@mate-bench/store'
import { importCheck } from '@mate-bench/worker'
import { bytes, integer, plural } from './format/numbers.ts'
import { createPainter } from './format/paint.ts'
import { formatTable } from './format/table.ts'
import { withStore } from './prepared-store.ts'
import { loadShipped } from './results/results-commands.ts'

/** What the `db` commands do. Each writes to standard output. */

const say = (text: string) => process.stdout.write(`${text}\n`)
const referencesFolder = fileURLToPath(new URL('../../../bench-specs/references', import.meta.url))
const paint = createPainter(process.stdout)

export async function migrateDatabase(): Promise<void> {
  const store = await openStore()
  try {
    const applied = await migrate(store.db)
    say(
      applied === 0
        ? `${store.where} is up to date.`
        : `${store.where}: ${plural(applied, 'migration')} applied.`,
    )
  } finally {
    await store.close()
  }
}

/** Starts nothing: also right when the database is down. */
export async function sayWhere(json: boolean): Promise<void> {
  const url = databaseUrlFromEnvironment()
  const artifacts = (await openArtifacts()).where
  const place =
    url === undefined
      ? { kind: 'embedded' as const, ...embeddedStatus() }
      : { kind: 'server' as const, server: describeUrl(url) }
  if (json) {
    say(JSON.stringify({ ...place, artifacts }, null, 2))
    return
  }
  if (place.kind === 'server') {
    say(`database   ${place.server}`)
  } else {
    const state = place.running ? 'running' : place.exists ? 'not running' : 'not made yet'
    say(`database   ${place.folder}  ${paint('dim', `(embedded, ${state})`)}`)
    for (const note of place.notes) say(`           ${paint('dim', note)}`)
  }
  say(`artifacts  ${artifacts}`)
}

export async function sayStatus(json: boolean): Promise<void> {
  const store = await openStore()
  try {
    const migrations = await migrationStatus(store.db)
    const current = migrations.applied === migrations.known && migrations.ahead === 0
    // Without its tables, or with others, there is nothing to count.
    const status = current ? await databaseStatus(store.db) : undefined
    if (json) {
      say(JSON.stringify({ where: store.where, driver: store.driver, migrations, ...status }, null, 2))
      return
    }
    say(`database    ${store.where}  ${paint('dim', `(${store.embedded ? 'embedded' : store.driver})`)}`)
    if (!status) {
      say(`migrations  ${whatToMigrate(migrations)}`)
      return
    }
    const { counts } = status
    say(`Postgres    ${status.serverVersion}, ${bytes(status.sizeBytes)}`)
    const rows = [
      ['tracks', counts.tracks],
      ['entries', counts.entries],
      ['runs', counts.runs],
      ['of them synthetic', counts.syntheticRuns],
      ['files', counts.artifacts],
      ['published numbers', counts.publishedResults],
      ['submissions', counts.submissions],
    ] as const
    const cells = rows.map(([name, count]) => [name, integer(count)])
    say(`\n${formatTable([{ title: 'holds' }, { title: 'count', align: 'right' }], cells, paint)}`)
  } finally {
    await store.close()
  }
}

function whatToMigrate({ known, applied, ahead }: MigrationStatus): string {
  return ahead > 0
    ? `${applied + ahead}, of which this version knows ${known}: update MATE Bench to the version that changed the database`
    : `${applied} of ${known}: run \`mate-bench db migrate\``
}

export async function stopDatabase(): Promise<void> {
  say((await stopEmbedded()) ? 'The embedded server has stopped.' : 'The embedded server was not running.')
}

/** @param results whether the results that ship are loaded too */
export async function seedDatabase({ results }: { readonly results: boolean }): Promise<void> {
  await withStore(async ({ db, where }) => {
    const seeded = await seedReferences(db, referencesFolder)
    say(`${plural(seeded.results, 'number')} of ${plural(seeded.papers, 'paper')} in ${where}.`)
  })
  if (results) await loadShipped(undefined)
}

export async function exportDatabase(folder: string, withArtifacts: boolean): Promise<void> {
  await withStore(async ({ db }) => {
    const artifactStore = withArtifacts ? await openArtifacts() : undefined
    const { rows, artifacts } = await exportStore(db, folder, { artifactStore })
    say(
      `${plural(rows.runs, 'run')}, ${plural(rows.publishedResults, 'published number')} and ${plural(artifacts, 'file')} in ${folder}.`,
    )
  })
}

export async function importDatabase(folder: string): Promise<void> {
  await withStore(async ({ db, where }) => {
    const { rows, artifacts, unchecked } = await importStore(db, folder, {
      artifactStore: await openArtifacts(),
      check: importCheck(),
    })
    say(`${plural(rows, 'row')} and ${plural(artifacts, 'file')} read into ${where}.`)
    if (unchecked > 0) {
      say(
        `Of these, ${plural(unchecked, 'run')} could not be checked from files and data: taken as reported.`,
      )
    }
  })
}
