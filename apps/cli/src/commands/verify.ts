import type { Check, RunFingerprint } from '@mate-bench/harness/verify'
import { BenchError } from '@mate-bench/schema'
import type { Command } from 'commander'
import { dataOption, jsonOption } from '../command-options.ts'
import { plural } from '../format/numbers.ts'
import { createPainter, type Painter } from '../format/paint.ts'
import { printable } from '../format/printable.ts'
import { runFolders } from '../run-folders.ts'

interface Flags {
  readonly data?: string
  readonly full?: true
  readonly json?: true
}

const examples = `
Trusts nothing that a run claims, and trains nothing. It checks every digest; compares labels, splits, normalisation and
checksums with the dataset, if it ships or was fetched; checks the columns of the predictions against each other;
computes every number again; replays epochs, learning rates and the choice of the evaluated epoch; counts costs; runs the
published weights on a sample of the images (--full: on all); and compares the runs with each other. A run that was taught
by others must name the weights that they have; teachers in the same folder are verified too.

"?" marks what could not be checked without data, or what no file can prove; "!" marks what deserves a look. The exit code
is 1 when any check fails.

Examples:
  mate-bench verify runs/quickstart-mate-1a2b3c4d-seed1
  mate-bench verify runs                 every finished run in the folder
  mate-bench verify runs --full          the weights on every image
  mate-bench verify runs --json
`

interface Result {
  readonly folder: string
  readonly checks: Check[]
  readonly fingerprint: RunFingerprint | undefined
}

export function define(command: Command): void {
  command
    .argument('<run...>', 'run folders, or folders that hold run folders')
    .option('--full', 'run the weights on every image instead of a sample')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async (paths: string[], flags: Flags) => {
      const { prepareVerify, relateRuns, relationCheck, verifyRun } = await import(
        '@mate-bench/harness/verify'
      )
      prepareVerify()
      const paint = createPainter(process.stdout)
      const say = (line: string) => {
        if (!flags.json) process.stdout.write(`${line}\n`)
      }
      const results: Result[] = []
      const { withTeacherFolders } = await import('../teacher-folders.ts')
      for (const folder of await withTeacherFolders(runFolders(paths))) {
        say(paint('bold', folder))
        const onCheck = (check: Check) => say(formatCheck(check, paint))
        const options = { dataFolder: flags.data, full: flags.full, onCheck }
        const { checks, fingerprint } = await verifyRun(folder, options).catch((thrown: unknown) => {
          const unreadable = manifestCheck(thrown)
          onCheck(unreadable)
          return { checks: [unreadable], fingerprint: undefined }
        })
        results.push({ folder, checks: [...checks], fingerprint })
      }
      for (const relation of relateRuns(results.flatMap(({ fingerprint }) => fingerprint ?? []))) {
        const result = results.find(({ fingerprint }) => fingerprint === relation.run)
        const check = relationCheck(relation)
        result?.checks.push(check)
        say(`${paint('bold', result?.folder ?? '')}\n${formatCheck(check, paint)}`)
      }
      if (flags.json) process.stdout.write(`${JSON.stringify({ runs: results.map(toJson) }, null, 2)}\n`)
      else say(summary(results, paint))
      if (results.some(({ checks }) => checks.some(({ ok }) => !ok))) process.exitCode = 1
    })
}

function toJson({ folder, checks }: Result) {
  return { folder, ok: checks.every(({ ok }) => ok), checks }
}

/** A run without a readable manifest fails; the others are checked all the same. */
function manifestCheck(thrown: unknown): Check {
  if (!(thrown instanceof BenchError)) throw thrown
  const { message, problems } = thrown
  const detail = [message, ...problems.map(({ path, message: what }) => `${path}: ${what}`)].join(' ')
  return { name: 'manifest', ok: false, outcome: 'failed', detail }
}

const signs = {
  passed: ['green', '✓'],
  flagged: ['yellow', '!'],
  unchecked: ['yellow', '?'],
  claimed: ['cyan', '?'],
  failed: ['red', '✗'],
} as const

export function formatCheck({ name, outcome, detail }: Check, paint: Painter): string {
  const [colour, sign] = signs[outcome]
  const text = printable(detail)
  return `  ${paint(colour, sign)} ${name.padEnd(38)} ${outcome === 'passed' ? paint('dim', text) : text}`
}

export function summary(results: readonly { readonly checks: readonly Check[] }[], paint: Painter): string {
  const all = results.flatMap(({ checks }) => checks)
  const count = (outcome: Check['outcome']) => all.filter((check) => check.outcome === outcome).length
  const failed = results.filter(({ checks }) => checks.some(({ ok }) => !ok)).length
  if (failed > 0) return paint('red', `${failed} of ${plural(results.length, 'run')} did not verify.`)
  const others = (['flagged', 'unchecked'] as const)
    .filter((outcome) => count(outcome) > 0)
    .map((outcome) => `, ${count(outcome)} ${outcome}`)
  const passed = `${plural(results.length, 'run')} verified, ${plural(count('passed'), 'check')} passed`
  return paint(others.length > 0 ? 'yellow' : 'green', `${passed}${others.join('')}.`)
}
