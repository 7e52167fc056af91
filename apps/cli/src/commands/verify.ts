import type { Check } from '@mate-bench/harness/verify'
import { BenchError } from '@mate-bench/schema'
import { plural } from '@mate-bench/worker/numbers'
import type { Command } from 'commander'
import { jsonOption } from '../command-options.ts'
import { createPainter, type Painter } from '../format/paint.ts'
import { runFolders } from '../run-folders.ts'

interface Flags {
  readonly json?: true
}

const examples = `
Checks every digest, and computes every number again from the predictions, the spec and the network.
Needs no data and trains nothing. The exit code is 1 when any check fails.

Examples:
  mate-bench verify runs/quickstart-mate-1a2b3c4d-seed1
  mate-bench verify runs                 every finished run in the folder
  mate-bench verify runs --json
`

export function define(command: Command): void {
  command
    .argument('<run...>', 'run folders, or folders that hold run folders')
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async (paths: string[], flags: Flags) => {
      const { verifyRun } = await import('@mate-bench/harness/verify')
      const paint = createPainter(process.stdout)
      const say = (line: string) => {
        if (!flags.json) process.stdout.write(`${line}\n`)
      }
      const results: { folder: string; ok: boolean; checks: Check[] }[] = []
      for (const folder of runFolders(paths)) {
        say(paint('bold', folder))
        const onCheck = (check: Check) => say(formatCheck(check, paint))
        const checks = await verifyRun(folder, onCheck).catch((thrown: unknown) => {
          const unreadable = manifestCheck(thrown)
          onCheck(unreadable)
          return [unreadable]
        })
        results.push({ folder, ok: checks.every(({ ok }) => ok), checks })
      }
      if (flags.json) process.stdout.write(`${JSON.stringify({ runs: results }, null, 2)}\n`)
      else say(summary(results, paint))
      if (results.some(({ ok }) => !ok)) process.exitCode = 1
    })
}

/** A run without a readable manifest fails; the others are checked all the same. */
function manifestCheck(thrown: unknown): Check {
  if (!(thrown instanceof BenchError)) throw thrown
  const { message, problems } = thrown
  const detail = [message, ...problems.map(({ path, message: what }) => `${path}: ${what}`)].join(' ')
  return { name: 'manifest', ok: false, detail }
}

export function formatCheck({ name, ok, detail }: Check, paint: Painter): string {
  return ok
    ? `  ${paint('green', '✓')} ${name.padEnd(36)} ${paint('dim', detail)}`
    : `  ${paint('red', '✗')} ${name.padEnd(36)} ${detail}`
}

export function summary(
  results: readonly { ok: boolean; checks: readonly Check[] }[],
  paint: Painter,
): string {
  const failed = results.filter(({ ok }) => !ok).length
  const checks = results.reduce((sum, result) => sum + result.checks.length, 0)
  return failed === 0
    ? paint('green', `${plural(results.length, 'run')} verified, ${plural(checks, 'check')} passed.`)
    : paint('red', `${failed} of ${plural(results.length, 'run')} did not verify.`)
}
