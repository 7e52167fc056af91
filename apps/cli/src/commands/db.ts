import type { Command } from 'commander'
import { jsonOption } from '../command-options.ts'

const examples = `
Which database: DATABASE_URL, else POSTGRES_URL, else a Postgres of its own, started when it is needed, with its data
in MATE_BENCH_DB or a folder of yours. Several programs may use it at once.

Examples:
  mate-bench db where                    which database, and whether it runs
  mate-bench db migrate                  bring its tables to this version
  mate-bench db seed                     load the numbers printed in papers, and the results that ship
  mate-bench db export backup            everything public as JSON, CSV and Parquet
  mate-bench db import backup            into an empty database
  mate-bench db stop                     end the embedded server
`

interface Flags {
  readonly json?: true
  readonly artifacts: boolean
  readonly results: boolean
}

/** The work is in `database.ts`, loaded when a subcommand runs. */
export function define(command: Command): void {
  command.addHelpText('after', examples)
  command
    .command('migrate')
    .description('bring the tables to this version')
    .action(async () => (await import('../database.ts')).migrateDatabase())
  command
    .command('seed')
    .description('load the published numbers of bench-specs/references and the results of bench-results')
    .option('--no-results', 'published numbers alone')
    .action(async ({ results }: Flags) => (await import('../database.ts')).seedDatabase({ results }))
  command
    .command('where')
    .description('show which database is used, and where its data is')
    .addOption(jsonOption())
    .action(async (flags: Flags) => (await import('../database.ts')).sayWhere(flags.json ?? false))
  command
    .command('status')
    .description('show what the database holds')
    .addOption(jsonOption())
    .action(async (flags: Flags) => (await import('../database.ts')).sayStatus(flags.json ?? false))
  command
    .command('export <dir>')
    .description('write everything public to a folder, new or empty')
    .option('--no-artifacts', "leave out the runs' files")
    .action(async (folder: string, flags: Flags) =>
      (await import('../database.ts')).exportDatabase(folder, flags.artifacts),
    )
  command
    .command('import <dir>')
    .description('load the folder that export wrote into an empty database')
    .action(async (folder: string) => (await import('../database.ts')).importDatabase(folder))
  command
    .command('stop')
    .description('end the embedded server; it starts again when it is needed')
    .action(async () => (await import('../database.ts')).stopDatabase())
}
