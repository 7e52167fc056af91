import type { Command } from 'commander'
import { jsonOption } from '../command-options.ts'
import { runFolders } from '../run-folders.ts'

interface Flags {
  readonly json?: true
}

const examples = `
Checks every digest, computes every number again from the predictions, and publishes the runs that pass: files go to the
artifact store, then run, exits and file digests to the database in one transaction. Publishing a run again changes nothing.
The exit code is 1 when any run is refused; the others are published all the same.

Database: DATABASE_URL, else POSTGRES_URL, else the embedded server (mate-bench db where).
Files: MATE_BENCH_ARTIFACTS (a folder, or s3://BUCKET/PREFIX), else the folder that \`mate-bench db where\` shows.

Examples:
  mate-bench publish runs/quickstart-mate-1a2b3c4d-seed1
  mate-bench publish runs                every finished run in the folder
`

export function define(command: Command): void {
  command
    .argument('<run...>', 'run folders, or folders that hold run folders')
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async (paths: string[], flags: Flags) => {
      const folders = runFolders(paths)
      const { publishRuns } = await import('../publish-runs.ts')
      await publishRuns(folders, { json: flags.json ?? false })
    })
}
