import type { Command } from 'commander'
import { jsonOption } from '../command-options.ts'

interface Flags {
  readonly out: string
  readonly json?: true
}

const examples = `
Writes everything that is public now: boards with charts, a page per entry, exports, the ledger with its signed head, and
the tables and files that \`mate-bench db import\` reads. The pages need no server and no script: an archive can keep them.

Database: DATABASE_URL, else POSTGRES_URL, else the embedded server (mate-bench db where).
Files: MATE_BENCH_ARTIFACTS (a folder, or s3://BUCKET/PREFIX), else the folder that \`mate-bench db where\` shows.

Examples:
  mate-bench snapshot --out snapshot-2026-11
  npx serve snapshot-2026-11                any file server shows it; a browser opens it without one
`

export function define(command: Command): void {
  command
    .requiredOption('--out <dir>', 'folder, new or empty')
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async ({ out, json }: Flags) => {
      const { saySnapshot } = await import('../snapshot/say-snapshot.ts')
      await saySnapshot(out, json ?? false)
    })
}
